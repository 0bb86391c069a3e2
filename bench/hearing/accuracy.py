"""How well scores tell labelled speech from the rest: ROC curve, area below it, F1."""

import numpy

# A label is exact to a window of 10 ms, and weak sounds at its edges to about 50 ms.
EDGE_MS = 50


def labels(segments, count, window_ms):
    """For `count` windows: which are speech, and which count at all.

    A window counts when no edge of a label lies in it or within 50 ms of it.
    """
    starts = numpy.arange(count) * window_ms
    voiced, counted = numpy.zeros(count, bool), numpy.ones(count, bool)
    for start, end in segments:
        voiced |= (starts >= start) & (starts + window_ms <= end)
        for edge in (start, end):
            counted &= (starts + window_ms + EDGE_MS <= edge) | (starts - EDGE_MS >= edge)
    return voiced, counted


def roc(scores, voiced):
    """[(false positive rate, true positive rate)] from (0, 0) to (1, 1), a point per score."""
    order = numpy.argsort(-scores, kind="stable")
    ordered = scores[order]
    is_last = numpy.append(numpy.diff(ordered) != 0, True)
    hits = numpy.cumsum(voiced[order])[is_last]
    alarms = numpy.cumsum(~voiced[order])[is_last]
    positives, negatives = numpy.sum(voiced), numpy.sum(~voiced)
    if not positives or not negatives:
        raise ValueError("a ROC curve needs speech and its absence")
    return [(0.0, 0.0), *zip((alarms / negatives).tolist(), (hits / positives).tolist())]


def rates(decisions, voiced):
    """One operating point: (false positive rate, true positive rate)."""
    return float(numpy.mean(decisions[~voiced])), float(numpy.mean(decisions[voiced]))


def area(points):
    """Below the points of a ROC curve, by the trapezium rule; its corners need not be given."""
    points = sorted({(0.0, 0.0), *points, (1.0, 1.0)})
    return sum(
        (right[0] - left[0]) * (right[1] + left[1]) / 2 for left, right in zip(points, points[1:])
    )


def f1(decisions, voiced):
    hits = int(numpy.sum(decisions & voiced))
    return 2 * hits / max(1, int(numpy.sum(decisions)) + int(numpy.sum(voiced)))


def thinned(points, most=200):
    """Enough of them for a drawing; the corners stay."""
    places = numpy.unique(numpy.linspace(0, len(points) - 1, most).astype(int))
    return [points[place] for place in places]
