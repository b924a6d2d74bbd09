"""Writes golden.json: elementary functions to 200 bits and beyond, rounded to doubles.

    pip install mpmath==1.4.1
    python make_golden.py

Doubles are written as 16 hexadecimal digits, since JSON has no infinities, no NaN and no -0.
"""

import json
import pathlib
import random
import struct

import mpmath

mpmath.mp.prec = 1400  # the largest angles need 1,024 bits before the point
draw = random.Random(20261124)


def bits(value):
    return struct.pack(">d", value).hex()


def between(low, high, count):
    return [draw.uniform(low, high) for _ in range(count)]


def magnitudes(low, high, count):
    """Evenly spread over the exponents of two from low to high."""
    return [draw.uniform(1, 2) * 2.0 ** draw.randint(low, high) for _ in range(count)]


def signed(values):
    return [value * draw.choice([1, -1]) for value in values]


def beside(*points):
    """The points themselves and the nearest doubles on both sides."""
    after = lambda x, step: struct.unpack(">d", struct.pack(">q", struct.unpack(">q", struct.pack(">d", x))[0] + step))[0]
    return [y for x in points for y in (after(x, -1), x, after(x, 1))]


# from Muller's Elementary Functions: the double nearest to a multiple of pi/2
worst_angle = 6381956970095103 * 2.0**797
half_pi = float(mpmath.pi / 2)

angles = (
    between(-10, 10, 150)
    + signed(magnitudes(-30, 20, 100))
    + signed(magnitudes(20, 1023, 100))
    + beside(*[k * half_pi for k in range(1, 9)], 1647099.0, 2.0**53, worst_angle, 1.7e308)
    + beside(0.7853981633974483, 1.5e-8)
    + [5e-324, 2.0**-1022]
)
positives = (
    between(0, 4, 150)
    + magnitudes(-1022, 1023, 150)
    + beside(1.0, 2**0.5, 2**-0.5, 2.2250738585072014e-308, 10.0, 1000.0, 1e-10)
    + [5e-324, 1e-310, 1.7976931348623157e308]
)
cases = {
    "exp": between(-3, 3, 150)
    + between(-746, 710, 150)
    + signed(magnitudes(-40, 3, 100))
    + beside(709.782712893384, -745.1332191019412, -708.3964185322641, 0.34657359027997264, 1.0397207708399179, 1.0),
    "log": positives,
    "log10": positives + [10.0**k for k in range(-20, 23)],
    "sin": angles,
    "cos": angles,
}


def rounded(value):
    """To the nearest double, subnormal ones too."""
    if value == 0 or abs(value) >= mpmath.mpf(2) ** -1022:
        return float(value)
    return int(mpmath.nint(value * mpmath.mpf(2) ** 1074)) * 5e-324


golden = {
    name: [[bits(x), bits(rounded(getattr(mpmath, name)(mpmath.mpf(x))))] for x in xs]
    for name, xs in cases.items()
}
pathlib.Path(__file__).with_name("golden.json").write_text(json.dumps(golden))
