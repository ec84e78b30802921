"""Where the real clock, real chance, threads and the user's folders meet the desk."""
