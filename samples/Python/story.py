"""Continues a text on a card in another process: python3 story.py LIBRARY CARD TEXT TOKENS"""
import ctypes, sys
from ctypes import byref, c_float, c_int32, c_uint32, c_uint64, c_void_p, sizeof


class Sampler(ctypes.Structure):
    _fields_ = [("temperature", c_float), ("top_k", c_uint32), ("top_p", c_float), ("min_p", c_float), ("repeat_penalty", c_float),
                ("frequency_penalty", c_float), ("presence_penalty", c_float), ("last_n", c_uint32), ("seed", c_uint64)]


class Settings(ctypes.Structure):
    _fields_ = [("size", c_uint32), ("positions", c_uint32), ("sampler", Sampler), ("stops", c_void_p), ("stop_count", c_uint32),
                ("ends_texts", c_uint32)]


class Token(ctypes.Structure):
    _fields_ = [("id", c_int32), ("position", c_uint32), ("time_ns", c_uint64), ("is_last", c_uint32), ("reserved", c_uint32)]


def check(status):
    if status:
        sys.exit(f"story: 0x{status:04x} {taalas.taalas_last_error().decode()}")


taalas = ctypes.CDLL(sys.argv[1])
taalas.taalas_last_error.restype = ctypes.c_char_p
card, context, stream, count, token = c_void_p(), c_void_p(), c_void_p(), c_uint32(), Token()
ids, piece = (c_int32 * 512)(), ctypes.create_string_buffer(256)
settings = Settings(size=sizeof(Settings), sampler=Sampler(top_p=1, repeat_penalty=1), ends_texts=1)
check(taalas.taalas_open(sys.argv[2].encode(), byref(card)))
check(taalas.taalas_tokenize(card, sys.argv[3].encode(), ids, 512, byref(count)))
check(taalas.taalas_create_context(card, byref(settings), byref(context)))
check(taalas.taalas_prefill(context, ids, count, 0, 0, None))
check(taalas.taalas_decode(context, int(sys.argv[4]), 0, byref(stream)))
while (status := taalas.taalas_next(stream, byref(token))) != 0x1005:  # TAALAS_END
    check(status)
    check(taalas.taalas_token_bytes(card, token.id, piece, len(piece), byref(count)))
    sys.stdout.buffer.write(piece.raw[:count.value])
check(taalas.taalas_close(card))
