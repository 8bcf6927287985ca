"""The form that an answer from the other side must have; whether what it says is right is for the judge."""

from autograder.submission.execute import LoadReport
from autograder.submission.flatten import FlatSubmission


def only_of(flat: FlatSubmission, report: LoadReport) -> LoadReport:
    """The report, if it is about cells that there are: made-up labels would be free text in the student's notes.

    Raises:
        ValueError: It is not.
    """
    labels = {cell.label for cell in flat.cells}
    if len(report.failures) > len(flat.cells) or not labels.issuperset(
        f.label for f in report.failures
    ):
        message = "a load report on cells that there are not"
        raise ValueError(message)
    return report


def is_reply(reply: object, request_id: int) -> bool:
    """True where a frame has the form of an answer to this request; types are looked at first, exactly."""
    if type(reply) is not dict or type(reply.get("id")) is not int or reply["id"] != request_id:
        return False
    if type(reply.get("printed")) is not str:
        return False
    keys = reply.keys() - {"autograd", "wrote", "gpu_memory_mb"}
    if keys == {"id", "printed", "ok"}:
        return True
    error = reply.get("error")
    return (
        keys == {"id", "printed", "error"}
        and type(error) is dict
        and error.keys() == {"kind", "type", "text", "cell", "line"}
        and all(type(error[key]) is str for key in ("kind", "type", "text"))
        and all(error[key] is None or type(error[key]) is int for key in ("cell", "line"))
    )
