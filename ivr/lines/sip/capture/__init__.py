"""What went over the network in calls, kept and written as a file for Wireshark and such, without any secret."""
