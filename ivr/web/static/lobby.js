import { follow } from "./events.js";

const main = document.querySelector("main");
const table = document.createElement("table");
const journal = document.createElement("pre");
main.append(table, journal);

function draw(lobby) {
  table.replaceChildren(...Object.entries(lobby.calls).map(([serial, call]) => {
    const row = document.createElement("tr");
    const keys = call.keys.map((key) => key.key).join("");
    for (const text of [serial, call.caller, call.state, call.meeting, call.text, keys, call.level_dbm0 ?? ""]) {
      row.insertCell().textContent = text;
    }
    return row;
  }));
  journal.textContent = lobby.entries.map((entry) => entry.told).filter(Boolean).join("\n");
}

follow(draw);
