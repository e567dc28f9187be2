"""Pictures of fingers that nobody has, with minutiae where we put them.

Ridges are the lines where the cosine of a phase is low. The phase grows along
one direction, bent a little; each minutia adds the angle under which it is
seen, which makes exactly one ridge begin or end there. Not skin, but every
extractor finds the same places in it, and they are known.
"""
import cmath, math, random

WIDTH, HEIGHT = 320, 400
PERIOD = 9.0  # pixels from ridge to ridge, as on fingers at 500 dpi


def inside(x, y, margin=0.0):
    """Whether skin touches there: an ellipse."""
    a, b = WIDTH / 2 - 12 - margin, HEIGHT / 2 - 12 - margin
    return ((x - WIDTH / 2) / a) ** 2 + ((y - HEIGHT / 2) / b) ** 2 <= 1


def minutiae(seed, count=24, apart=34):
    """(x, y, sign) with x to the right and y downwards, far from each other."""
    r, found = random.Random(seed), []
    while len(found) < count:
        x, y = r.uniform(0, WIDTH), r.uniform(0, HEIGHT)
        if inside(x, y, 40) and all(math.hypot(x - u, y - v) >= apart
                                    for u, v, _ in found):
            found.append((x, y, 1 if len(found) % 2 else -1))
    return found


def picture(points, turn=0.4, width=WIDTH, height=HEIGHT):
    """Grey bytes, rows from the top, dark ridges on light ground."""
    plus = [complex(x, y) for x, y, s in points if s > 0]
    minus = [complex(x, y) for x, y, s in points if s < 0]
    k = 2 * math.pi / PERIOD
    cos, sin = k * math.cos(turn), k * math.sin(turn)
    rows = bytearray()
    for y in range(height):
        bend = 6 * math.sin(y / 90)
        for x in range(width):
            if not inside(x * WIDTH / width, y * HEIGHT / height):
                rows.append(255)
                continue
            z, spin = complex(x, y), 1 + 0j
            for p in plus:
                spin *= z - p
            for p in minus:
                spin /= z - p or 1
            phase = cos * (y + bend) + sin * x + cmath.phase(spin)
            rows.append(int(140 + 100 * math.cos(phase)))
    return bytes(rows)


def finger(seed):
    """(width, height, grey, minutiae)"""
    points = minutiae(seed)
    return WIDTH, HEIGHT, picture(points), points
