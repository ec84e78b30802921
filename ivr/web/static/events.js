// How everything stands, kept by the messages of /api/events: the state, and what has changed since.

export function follow(told) {
  const lobby = { at: 0, late: 0, calls: {}, rooms: {}, entries: [], hello: null, open: false };
  let socket;
  const connect = () => {
    socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/api/events`);
    socket.onopen = () => { lobby.open = true; };
    socket.onmessage = (event) => {
      const message = JSON.parse(event.data);
      take(lobby, message);
      told(lobby, message);
    };
    socket.onclose = () => {
      lobby.open = false;
      told(lobby, { type: "closed" });
      setTimeout(connect, 1000);
    };
  };
  connect();
  return lobby;
}

export function take(lobby, message) {
  if (message.at !== undefined) lobby.at = message.at;
  if (message.late !== undefined) lobby.late = message.late;
  switch (message.type) {
    case "hello":
      lobby.hello = message;
      break;
    case "state":
      lobby.calls = message.calls;
      lobby.rooms = message.rooms;
      lobby.entries = message.entries;
      break;
    case "change":
      for (const [serial, call] of Object.entries(message.calls ?? {})) {
        lobby.calls[serial] = { ...lobby.calls[serial], ...call };
      }
      for (const serial of message.gone ?? []) delete lobby.calls[serial];
      Object.assign(lobby.rooms, message.rooms ?? {});
      for (const name of message.closed ?? []) delete lobby.rooms[name];
      break;
    case "levels":
      for (const [serial, level] of Object.entries(message.levels)) {
        if (lobby.calls[serial]) lobby.calls[serial].level_dbm0 = level;
      }
      break;
    case "entries":
      lobby.entries = [...lobby.entries, ...message.entries].slice(-200);
      break;
  }
}
