"""The audit as one HTML file."""

from nianbao.quality.reporting.outcome import Outcome


def format_html(done: Outcome, lang: str = "zh") -> str:
    """One file with all in it."""
    raise NotImplementedError
