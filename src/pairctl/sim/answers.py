"""How the simulated servers answer: JSON, and refusals in each form that real servers give them."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Literal

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response

ErrorShape = Literal["whole", "message", "code", "number", "string", "text", "empty", "page"]
SHAPES = (
    "`whole` ({code, message, details, ref}), `message` ({message}), `code` ({code}), `number`"
    " ({code, message}, the code being the status as a number), `string` (the message as a JSON"
    " text), `text` (as plain text), `empty` (no body), `page` (a web page)."
)
"""What each of them is, for people."""


class RefusalError(Exception):
    """A request is refused; becomes an answer of the APIs' error shape."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


def error_answer(status: int, code: str, message: str, shape: ErrorShape = "whole") -> Response:
    """Make an answer of one of the shapes of errors."""
    match shape:
        case "empty":
            return Response(status_code=status)
        case "text":
            return PlainTextResponse(message, status_code=status)
        case "page":
            return HTMLResponse(f"<!doctype html><title>{status}</title>", status_code=status)
        case "string":
            return JSONResponse(message, status_code=status)
        case _:
            return JSONResponse(_fields(status, code, message, shape), status_code=status)


def _fields(status: int, code: str, message: str, shape: ErrorShape) -> Mapping[str, Any]:
    match shape:
        case "message":
            return {"message": message}
        case "code":
            return {"code": code}
        case "number":
            return {"code": status, "message": message}
        case _:
            return {"code": code, "message": message, "details": {}, "ref": ""}


Handler = Callable[[Request, Exception], Awaitable[Response]]


def error_handlers(shape: ErrorShape = "whole") -> Mapping[Any, Handler]:
    """Make Starlette's handlers for `RefusalError`, and for what no route serves: always 404.

    Those that are no coroutines would run in a thread, of which a clock that a test owns knows
    nothing.
    """

    async def refusal(_: Request, error: Exception) -> Response:
        if not isinstance(error, RefusalError):
            raise error
        return error_answer(error.status, error.code, error.message, shape)

    async def unrouted(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        message = f"{request.method} {request.url.path}: no route"
        return error_answer(404, "ResourceNotFound", message, shape)

    return {RefusalError: refusal, HTTPException: unrouted}
