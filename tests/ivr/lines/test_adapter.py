"""An agent in process: a coroutine that lives by the clock of its call."""

import asyncio
import gc
import signal
import threading

import numpy as np
import pytest

import dtmf
from ivr.clock import FRAME, RATE
from ivr.lines.adapter import BadAgent, CallOver, InProcess, agent_of


def led(agent, seconds=10.0, says=None):
    """Return what an agent says in so many seconds, in which he hears `says`, and how it stands with him then."""
    leader, said = InProcess(agent), []
    leader.begin("bot", "+14255550100", "")
    says = np.zeros(0, np.int16) if says is None else says
    for n in range(round(seconds * RATE) // FRAME):
        leader.step(n * FRAME)
        if leader.over:
            leader.end()
            break
        said.append(leader.speak())
        frame = np.zeros(FRAME, np.int16)
        frame[:len(says[n * FRAME:(n + 1) * FRAME])] = says[n * FRAME:(n + 1) * FRAME]
        leader.hear(frame)
    leader.close()
    return np.concatenate(said or [says]), leader


def test_agent_when_it_sleeps_then_that_time_passes_in_the_call():
    async def agent(call):
        await asyncio.sleep(2)
        await call.press("12#")
        await asyncio.sleep(1)

    said, leader = led(agent)
    keys = dtmf.decode(said, RATE)
    assert [key.digit for key in keys] == [*"12#"]
    assert abs(keys[0].start - 2 * RATE) <= FRAME
    assert leader.over
    assert len(said) == pytest.approx(3.6 * RATE, abs=2 * FRAME)  # it has returned, and so hung up


def test_agent_when_it_echoes_what_it_hears_then_that_comes_two_frames_later_each_time_alike():
    async def agent(call):
        async for frame in call:
            await call.send(frame)

    noise = np.random.default_rng(4).integers(-3000, 3000, 20 * FRAME).astype(np.int16)
    said, _ = led(agent, 1.0, noise)
    later = np.flatnonzero(said)[0] // FRAME * FRAME
    assert later <= 2 * FRAME
    np.testing.assert_array_equal(said[later:later + len(noise)], noise)
    np.testing.assert_array_equal(led(agent, 1.0, noise)[0], said)


def test_agent_when_it_is_interrupted_then_it_says_nothing_more():
    async def agent(call):
        call.queue(np.full(5 * RATE, 1000, np.int16))
        async for frame in call:
            if frame.any():
                call.clear()

    says = np.zeros(RATE + FRAME, np.int16)
    says[RATE:] = 500
    said, leader = led(agent, 3.0, says)
    assert np.flatnonzero(said)[-1] // FRAME - RATE // FRAME <= 1
    assert not leader.over


def test_agent_when_it_breaks_down_then_that_is_told_with_its_line_and_without_digits():
    async def agent(call):
        await call.receive()
        raise ValueError("48215 is wrong")

    _, leader = led(agent)
    assert leader.fault.startswith("the agent broke down: ValueError: **** is wrong, line ")
    assert leader.fault.endswith(" of test_adapter.py")
    assert leader.over


WRONG = [
    ("raise SystemExit(5)", "AgentLeft: it has left by SystemExit(5), line 4 of bot.py"),
    ("while True: await asyncio.sleep(0)", "broke down: it has gone round 20,000 times in one tick without waiting "
                                           "for anything, line 4 of bot.py"),
    ("await asyncio.gather(asyncio.create_task(gone()))", "SystemExit"),
    ("await call.press('12x')", "line 4 of bot.py"),
    ("await call.press('1', tone_ms=700000)",
     "a tone of 700000 ms cannot be made; give 1 to 600000 ms, line 4 of bot.py"),
    ("json.loads('{')", "line 4 of bot.py"),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_agent_when_it_goes_wrong_then_that_is_its_own_fault_in_a_line_of_its_own(tmp_path, wrong, told):
    assert told in led(bot(tmp_path, wrong), 0.1)[1].fault


def bot(folder, does, name="bot.py"):
    """Return an agent in a file of its own, whose line 4 does this."""
    path = folder / name
    path.write_text("import asyncio, json, time\nasync def gone(): raise SystemExit(3)\n"
                    f"async def agent(call):\n    {does}\n")
    return agent_of("agent", path=path)


HANGS = ["while True: pass", "time.sleep(3600)",
         "asyncio.get_running_loop().call_soon(lambda: time.sleep(3600)); await call.receive()"]


@pytest.mark.parametrize("hangs", HANGS)
def test_agent_when_it_hangs_then_that_is_its_fault_and_the_story_goes_on(tmp_path, hangs, capfd, caplog):
    leader = InProcess(bot(tmp_path, hangs), patience_s=0.5)
    before = signal.getsignal(signal.SIGALRM)
    leader.begin("bot", "", "")
    leader.step(0)
    leader.step(FRAME)
    leader.close()
    assert leader.over
    assert leader.fault == "the agent has not given the line back for 0.5 s, line 4 of bot.py"
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    gc.collect()
    assert (capfd.readouterr().err, caplog.text) == ("", "")


def test_agent_when_it_hangs_in_another_thread_then_it_is_interrupted_there(tmp_path):
    leader = InProcess(bot(tmp_path, "while True: pass"), patience_s=0.5)

    def story():
        leader.begin("bot", "", "")
        leader.step(0)
        leader.close()

    thread = threading.Thread(target=story)
    thread.start()
    thread.join()
    assert leader.fault == "the agent has not given the line back for 0.5 s, line 4 of bot.py"


def test_agent_when_a_debugger_looks_into_it_then_it_may_take_its_time(tmp_path):
    leader = InProcess(bot(tmp_path, "time.sleep(0.2)", name="pdb.py"), patience_s=0.05)
    leader.begin("bot", "", "")
    leader.step(0)
    leader.close()
    assert (leader.over, leader.fault) == (True, "")


def test_agent_when_somebody_else_has_a_limit_then_that_goes_on():
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 3000)
    try:
        led(lambda call: call.press("1"), 1.0)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] <= 3000
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_agent_when_it_is_stopped_by_ctrl_c_then_no_traceback_of_its_task_comes(tmp_path, capfd, caplog):
    leader = InProcess(bot(tmp_path, "import signal; signal.raise_signal(signal.SIGINT)"))
    leader.begin("bot", "", "")
    with pytest.raises(KeyboardInterrupt):
        leader.step(0)
    leader.close()
    del leader
    gc.collect()
    assert (capfd.readouterr().err, caplog.text) == ("", "")


def test_agent_when_the_call_is_over_then_it_is_told_and_that_is_no_fault():
    told = []

    async def agent(call):
        async for _ in call:
            pass
        told.append("over")
        with pytest.raises(CallOver):
            await call.receive()
        await call.send(np.zeros(FRAME, np.int16))

    leader = InProcess(agent)
    leader.begin("bot", "", "")
    leader.step(0)
    leader.end()
    leader.close()
    assert (told, leader.fault) == (["over"], "")


@pytest.mark.parametrize("wrong", [[1, 2], np.zeros(4), np.zeros((2, 2), np.int16)])
def test_agent_when_what_it_says_is_no_sound_then_that_is_its_fault(wrong):
    async def agent(call):
        await call.send(wrong)

    assert "int16 arrays of one dimension" in led(agent, 0.1)[1].fault


@pytest.mark.parametrize(("text", "why"), [
    ("async def other(call): ...", "has no agent 'agent': write 'async def agent(call)'"),
    ("agent = 3", "'agent' of {} is no agent"),
    ("def agent(:", "cannot be loaded: SyntaxError"),
    ("import no_such_module_here", "cannot be loaded: ModuleNotFoundError"),
    ("raise SystemExit(0)", "cannot be loaded: SystemExit"),
])
def test_agent_when_its_file_has_none_then_one_sentence_says_so(tmp_path, text, why):
    path = tmp_path / "bot.py"
    path.write_text(text)
    with pytest.raises(BadAgent) as told:
        agent_of("agent", path=path)
    assert why.format(path) in str(told.value)
    assert "\n" not in str(told.value)
