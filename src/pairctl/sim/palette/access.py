"""Who may call the simulated Palette, and what their calls see."""

from dataclasses import dataclass

from starlette.requests import Request

from pairctl.sim.answers import RefusalError
from pairctl.sim.identity import uid_of
from pairctl.sim.palette_spec import ApiKey, PaletteSpec


@dataclass(frozen=True, slots=True)
class ProjectRef:
    """A project's name and uid."""

    name: str
    uid: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What one call may see: a project, or the tenant where `project_uid` is None."""

    project_uid: str | None
    projects: tuple[ProjectRef, ...]
    has_tenant_rights: bool
    key: ApiKey

    def sees(self, project_uid: str | None) -> bool:
        """Whether something of this project shows here; what has no project shows everywhere."""
        return project_uid is None or self.project_uid in {None, project_uid}

    def require_tenant(self) -> None:
        """Refuse (403) a call that is not made in the tenant's scope, with the rights to it."""
        if self.project_uid is not None or not self.has_tenant_rights:
            raise RefusalError(403, "AccessDenied", "this needs the tenant's scope and rights")

    def require(self, permission: str) -> None:
        """Refuse (403) a call that needs a permission which the key does not have."""
        if permission not in {*self.key.permissions, *self.tenant_permissions}:
            raise RefusalError(403, "AccessDenied", f"the key's user has no {permission}")

    @property
    def tenant_permissions(self) -> tuple[str, ...]:
        """What the key may do in the tenant."""
        return self.key.tenant_permissions if self.has_tenant_rights else ()

    def require_rights(self) -> None:
        """Refuse (403) a call in the tenant's scope without rights to it."""
        if self.project_uid is None:
            self.require_tenant()


class Access:
    """API keys and projects; every rule about headers is here."""

    def __init__(self, spec: PaletteSpec) -> None:
        self._keys = {key.key: key for key in spec.api_keys}
        self.projects = tuple(
            ProjectRef(project.name, project.uid or uid_of("project", project.name))
            for project in spec.projects
        )

    def project_uid(self, name: str | None) -> str | None:
        """Give the uid of a project of the scenario; None stands for the tenant."""
        return next((project.uid for project in self.projects if project.name == name), None)

    def project_name(self, uid: str | None) -> str:
        """Give the name of a project, or nothing for the tenant."""
        return next((project.name for project in self.projects if project.uid == uid), "")

    def scope_of(self, request: Request) -> Scope:
        """Judge a call's headers; refuse with 401, 400 or 403."""
        key = self._keys.get(request.headers.get("ApiKey", ""))
        if key is None:
            raise RefusalError(401, "InvalidApiKey", "the ApiKey header is missing or unknown")
        allowed = (
            self.projects
            if key.projects is None
            else tuple(project for project in self.projects if project.name in key.projects)
        )
        project_uid = request.headers.get("ProjectUid") or None
        if project_uid is not None and project_uid not in {p.uid for p in self.projects}:
            raise RefusalError(400, "InvalidProject", f"ProjectUid {project_uid!r} is no project")
        if project_uid is not None and project_uid not in {p.uid for p in allowed}:
            raise RefusalError(403, "AccessDenied", "the key has no right to this project")
        return Scope(project_uid, allowed, key.tenant, key)
