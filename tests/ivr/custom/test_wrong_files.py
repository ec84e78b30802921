"""What is wrong in a file is told in one sentence: the line, the word, and what to do; whatever is in it."""

import random
import re
from pathlib import Path

import pytest

from ivr.custom.loading import MOST_BYTES, IvrFileError, Known, load
from ivr.reading import BadFile
from tests.ivr.custom.conftest import KNOWN, own

EXAMPLE = (Path(__file__).parents[3] / "examples" / "order-line" / "order-line.yaml").read_text("utf-8")
BYE = 'bye: {say: "Goodbye.", then: hang up}\n'

CHANCE = random.Random(1)  # noqa: S311 - not for secrets
MANY = [" ".join(f"{{{''.join(CHANCE.choices('abcdefghijklmnopq', k=12))}}}" for _ in range(150)) for _ in range(2)]

WRONG = [
    ("no start", BYE, 1, "nothing says which node is the first: add 'start: bye'"),
    ("start of nothing", f"start: bey\n{BYE}", 1, "there is no node 'bey'; did you mean 'bye'?"),
    ("misspelt head", f"tittle: A\nstart: bye\n{BYE}", 1, "'tittle' is no node.*did you mean 'title'"),
    ("no kind", f"start: a\na: {{sya: Hello, then: bye}}\n{BYE}", 2, "of no kind; did you mean 'say'?"),
    ("slip in the kind, beside say", f"start: a\na: {{say: Hello, keyes: {{1: bye}}}}\n{BYE}", 2,
     "has no 'keyes'; did you mean 'keys'?"),
    ("another", f"start: a\na: {{recrod: {{longest: 60 s}}, say: Hello, then: bye}}\n{BYE}", 2,
     "has no 'recrod'; did you mean 'record'?"),
    ("two kinds", f"start: a\na: {{record: {{}}, ask: http://127.0.0.1, then: bye}}\n{BYE}", 2, "two things"),
    ("no way on", f"start: a\na: {{say: Hello}}\n{BYE}", 2, "does not say what follows: add 'then'"),
    ("target", f"start: a\na: {{say: Hello, then: by}}\n{BYE}", 2, "there is no node 'by'; did you mean 'bye'?"),
    ("unreached", f"start: bye\n{BYE}a: {{say: Hello, then: bye}}\n", 3, "nothing leads to the node 'a'"),
    ("circle", "start: a\na: {ask: http://127.0.0.1, then: b}\nb: {ask: http://127.0.0.1, then: a}\n", 2,
     "comes back to the node 'a' without a prompt or a key"),
    ("key", f"start: a\na: {{say: Hello, keys: {{11: bye}}}}\n{BYE}", 2, "'11' is no key"),
    ("silent menu", f"start: a\na: {{keys: {{1: bye}}}}\n{BYE}", 2, "says nothing: add 'say'"),
    ("option", f"start: a\na: {{say: Hello, keys: {{1: bye}}, trys: 3}}\n{BYE}", 2,
     "has no 'trys'; did you mean 'tries'?"),
    ("tries", f"start: a\na: {{say: Hello, keys: {{1: bye}}, tries: 0}}\n{BYE}", 2, "'0' is no number of tries"),
    ("digits", f"start: a\na: {{collect: {{digits: 6-4, say: Hi}}, into: x, then: bye}}\n{BYE}", 2,
     "'6-4' is no number of digits"),
    ("no into", f"start: a\na: {{collect: {{digits: 4, say: Hi}}, then: bye}}\n{BYE}", 2, "add 'into'"),
    ("variable is node", f"start: a\na: {{collect: {{digits: 4, say: Hi}}, into: bye, then: bye}}\n{BYE}", 2,
     "'bye' is the name of a node"),
    ("variable of nothing", f"start: a\na: {{say: \"It is {{day}}.\", then: bye}}\n{BYE}", 2,
     "nothing sets the variable 'day'"),
    ("slip in a variable", EXAMPLE.replace("{number} leaves", "{numbr} leaves"), 7, "did you mean 'number'?"),
    ("said as", EXAMPLE.replace("{number} leaves", "{number as digit} leaves"), 7, "did you mean 'digits'?"),
    ("lone brace", f"start: a\na: {{say: \"It is {{day.\", then: bye}}\n{BYE}", 2, "a brace here belongs to none"),
    ("secret read out", EXAMPLE.replace("confirm: yes", "secret: yes, confirm: yes"), 5,
     "secret is not read out: leave out 'confirm'"),
    ("secret said", EXAMPLE.replace("confirm: yes", "secret: yes"), 7, "'number' is secret, so it is not said"),
    ("elsewhere", EXAMPLE.replace("127.0.0.1:8080", "example.org"), 6, "not on this machine"),
    ("no address", EXAMPLE.replace("http://127.0.0.1:8080", "ftp://x"), 6, "is no address to ask"),
    ("answer leads nowhere", EXAMPLE.replace("unknown: menu", "unknown: mneu"), 6, "did you mean 'menu'?"),
    ("no number", EXAMPLE.replace('"+14255550199"', "nobody"), 9, "is no telephone number"),
    ("length", EXAMPLE.replace("60 s", "60"), 8, "'60' is not a length of time"),
    ("reserved", "start: fault\nfault: {say: Hello, then: hang up}\n", 2, "means something already"),
    ("outside", f"start: a\na: {{say: {{recording: ../../s.wav}}, then: bye}}\n{BYE}", 2, "outside the folder"),
    ("absent", f"start: a\na: {{say: {{recording: hello.wav}}, then: bye}}\n{BYE}", 2, "no recording 'hello.wav'"),
    ("no such prompt", f"start: a\na: {{say: {{prompt: welcom}}, then: bye}}\n{BYE}", 2, "did you mean 'welcome'?"),
    ("language", f"start: bye\nlanguages: en-UK\n{BYE}", 2, "did you mean 'en-US'?"),
    ("lacking language", 'start: bye\nlanguages: [en-US, de-DE]\nbye: {say: {en-US: "Bye."}, then: hang up}\n', 3,
     "lacks 'de-DE'"),
    ("unknown flow", f"start: a\na: {{do: check, exits: {{right: bye}}}}\n{BYE}", 2, "there is no flow 'check'"),
    ("end of a flow", f"start: a\na: {{do: check, exits: {{wrong: bye}}}}\n{BYE}"
     "flows: {check: {start: b, b: {say: Hi, then: return right}}}\n", 2, "lacks 'right'"),
    ("flow in itself", f"start: a\na: {{do: check, exits: {{right: bye}}}}\n{BYE}flows:\n  check: {{start: b, "
     "b: {do: check, exits: {right: c}}, c: {say: Hi, then: return right}}\n", 5, "goes through itself"),
    ("played of nothing", f"start: a\na: {{play: message, then: bye}}\n{BYE}", 2, "nothing records 'message'"),
    ("twice", f"start: bye\n{BYE}{BYE}", 3, "'bye' stands here twice"),
    ("no YAML", "start: [bye\n", 1, "this is not YAML: this is not closed"),
    ("colon", "start: a\na: {say: One: two, then: a}\n", 2, "text with a colon stands in quotation marks"),
    ("variables", "start: a\na: {ask: http://127.0.0.1, then: b}\n"
     f"b: {{say: '{MANY[0]}', then: c}}\nc: {{say: '{MANY[1]}', then: hang up}}\n", 4, "more than 200 variables"),
    ("no brace", f"start: bye\na: {{say: Hi, then: bye\n{BYE}", 2, "not closed, or a comma lacks before line 3"),
    ("no comma", 'start: a\na: {say: "Hi" then: a}\n', 2, "a comma lacks here"),
    ("no colon", 'start: a\na: {say "Hi", then: a}\n', 2, "'say' needs a colon before its value"),
    ("key of a menu", "start: a\na: {say: Hi, keys: {1: a}, into: b}\n", 2, "a menu keeps no key: to keep it use"),
    ("alias", "start: a\na: {say: Hello, keys: {*: a}}\n", 2, "stand in quotation marks"),
    ("empty", "", 0, "the file is empty"),
    ("no node", "start: a\n", 1, "there is no node: write at least one"),
]


@pytest.mark.parametrize(("text", "line", "sentence"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_a_file_when_it_is_wrong_then_one_sentence_says_where_and_what_to_do(text, line, sentence):
    with pytest.raises(IvrFileError, match=sentence) as caught:
        own(text)
    assert caught.value.line == line
    assert "\n" not in str(caught.value)


def test_a_file_when_it_is_large_or_absent_or_a_folder_then_said_so(tmp_path):
    large = tmp_path / "large.yaml"
    large.write_text("#" * (MOST_BYTES + 1))
    for path, sentence in ((large, "bytes"), (tmp_path, "folder"), (tmp_path / "none.yaml", "no such file")):
        with pytest.raises(IvrFileError, match=sentence):
            load(path, KNOWN)


def test_a_host_when_it_is_allowed_by_name_then_its_apps_may_be_asked():
    from ivr.custom.loading import parse
    text = EXAMPLE.replace("127.0.0.1:8080", "Orders.example:8080")
    assert parse(text, Path("line.yaml"), Known.with_hosts("orders.example")).duties.inquiries["look-up"]
    for host in ("127.0.0.1.example.org", "localhost.example.org", "10.0.0.1", "[::2]", "0.0.0.0"):  # noqa: S104
        with pytest.raises(IvrFileError, match="not on this machine"):
            own(EXAMPLE.replace("http://127.0.0.1:8080/orders", f'"http://{host}/"'))
    for host in ("localhost", "127.7.7.7", "[::1]"):
        own(EXAMPLE.replace("http://127.0.0.1:8080/orders", f'"http://{host}/"'))


_WORDS = re.compile(r"[\w-]+|[^\w\s]|\s+")
_ALSO = ("{", "}", "[", "]", ":", ",", '"', "'", "&a", "*a", "#", "- ", "\n", "\t", "\0", "\ufeff", "é", "\u2028",
         "!!int", "return x", "hang up", "flows", "conference", "wait", "choose", "do", "play", "../x.wav",
         "999999999999 s", "{number as date}", "{", "yes", "no", "say", "start", "languages", "9" * 400,
         "<<", "? ", "|", ">", "---")


def mutant(chance):
    """Return the example with some words of it dropped, doubled, exchanged, or put in the place of others."""
    words = _WORDS.findall(EXAMPLE)
    for _ in range(chance.randint(1, 4)):
        at, other = chance.randrange(len(words)), chance.randrange(len(words))
        match chance.randrange(5):
            case 0:
                del words[at]
            case 1:
                words.insert(at, words[other])
            case 2:
                words[at], words[other] = words[other], words[at]
            case 3:
                words[at] = chance.choice(_ALSO)
            case 4:
                words[at:at + chance.randrange(20)] = [chance.choice(_ALSO)]
        words = words or ["x"]
    return "".join(words)


def test_a_file_when_it_is_a_mutant_of_the_example_then_it_is_taken_or_refused_in_a_sentence():
    taken = 0
    for seed in range(1000):
        text = mutant(random.Random(seed))  # noqa: S311
        try:
            own(text)
            taken += 1
        except BadFile as error:
            assert str(error).count("\n") == 0, seed
            assert len(str(error)) < 600, seed
    assert 30 < taken < 700


@pytest.mark.parametrize("text", ["[" * 50_000, "{a: " * 20_000, "- " * 60_000, "a: &x [*x]",
                                  "&a [" + "*a," * 9 + "]", "start: !!python/object/apply:os.system ['true']",
                                  "a\n" * 100_000])
def test_a_file_when_it_is_hostile_yaml_then_refused_in_a_sentence(text):
    with pytest.raises(BadFile):
        own(text)
