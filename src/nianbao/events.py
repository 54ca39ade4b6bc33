"""Events."""

from nianbao.record import Event


def events(text, activities, start=0, end=None, *, institution=None, sponsors=()):
    return ()
