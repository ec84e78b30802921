"""What goes with a function's object code: how it is called, and what only Numba has of what it calls."""

from typing import Any

from dtmf.kinds import Kind, letters

PACKED = "packed"
"""The name of what calls a function with arguments from memory, eight bytes each (`dtmf.machine.Loaded`)."""

_TYPES = {"?": "i8", "q": "i64", "d": "double", "p": "ptr"}
"""What LLVM calls what stands for a letter."""

_BESIDE = """
declare ptr @malloc(i64)
declare void @free(ptr)
declare void @abort()

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %align) {
  %wide = zext i32 %align to i64
  %more = add i64 %size, %wide
  %all = add i64 %more, 48
  %whole = call ptr @malloc(i64 %all)
  %none = icmp eq ptr %whole, null
  br i1 %none, label %out, label %fill
fill:
  %at = ptrtoint ptr %whole to i64
  %after = add i64 %at, 48
  %over = urem i64 %after, %wide
  %lacks = sub i64 %wide, %over
  %data = add i64 %after, %lacks
  store i64 1, ptr %whole
  %dtor = getelementptr i64, ptr %whole, i64 1
  store i64 0, ptr %dtor
  %info = getelementptr i64, ptr %whole, i64 2
  store i64 0, ptr %info
  %where = getelementptr i64, ptr %whole, i64 3
  store i64 %data, ptr %where
  %long = getelementptr i64, ptr %whole, i64 4
  store i64 %size, ptr %long
  %allocator = getelementptr i64, ptr %whole, i64 5
  store i64 0, ptr %allocator
  br label %out
out:
  ret ptr %whole
}

define void @NRT_MemInfo_call_dtor(ptr %whole) {
  call void @free(ptr %whole)
  ret void
}

define void @NRT_Free(ptr %whole) {
  call void @free(ptr %whole)
  ret void
}
""" + "".join(
    f"define void @{name}() {{ call void @abort() unreachable }}\n"
    for name in ("NRT_adapt_ndarray_from_python", "numba_do_raise", "numba_gil_ensure", "numba_gil_release",
                 "numba_runtime_build_excinfo_struct", "numba_unpickle")
)
"""What it calls and only Numba has: scratch arrays, and what serves Python objects, of which there are none."""


def beside(symbol: str, kind: Kind) -> bytes:
    """Make the code that calls a function with arguments from memory, and of what that calls and only Numba has."""
    import llvmlite.binding as llvm

    types = ["ptr", *(_TYPES[letter] for letter in letters(kind))]
    lines, given = [], ["ptr %at"]
    for i, each in enumerate(types, 1):
        lines.append(f"%place{i} = getelementptr i64, ptr %at, i64 {i}")
        # what went wrong is written there, all else is read
        lines.append(f"%value{i} = load {each}, ptr %place{i}" if i > 1 else "")
        given.append(f"{each} %{'value' if i > 1 else 'place'}{i}")
    text = [_BESIDE, f'declare i32 @"{symbol}"({", ".join(["ptr", *types])})', f"define i32 @{PACKED}(ptr %at) {{",
            *lines, f'%status = call i32 @"{symbol}"({", ".join(given)})', "ret i32 %status", "}"]  # fmt: skip
    machine: Any = target()
    made: bytes = machine.emit_object(llvm.parse_assembly("\n".join(text)))
    return made


def target() -> object:
    """Return LLVM's idea of this machine."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    return llvm.Target.from_default_triple().create_target_machine()


