import "./lobby.js";
