"""How the simulated servers answer: JSON, and one shape for every refusal."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response


class RefusalError(Exception):
    """A request is refused; becomes an answer of the APIs' error shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def error_answer(status: int, code: str, message: str) -> JSONResponse:
    """Make an answer of the APIs' error shape."""
    body = {"code": code, "message": message, "details": {}, "ref": ""}
    return JSONResponse(body, status_code=status)


def refusal_answer(_: Request, error: Exception) -> Response:
    """Starlette's handler for `RefusalError`."""
    if not isinstance(error, RefusalError):
        raise error
    return error_answer(error.status, error.code, error.message)


def unrouted_answer(request: Request, error: Exception) -> Response:
    """Starlette's handler for a path or verb that no route serves: always 404."""
    if not isinstance(error, HTTPException):
        raise error
    return error_answer(404, "ResourceNotFound", f"{request.method} {request.url.path}: no route")
