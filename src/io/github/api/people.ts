import { type Asking, undefinedFor404 } from "./ask.ts";

export type Permission = {
  /** As the platform names it: `admin`, `maintain`, `write`, `triage`, `read`, a custom one, `none`. */
  readonly role: string;
  readonly mayPush: boolean;
};

const READ = "metadata: read";

/** What people may do in the repository. */
export function peopleApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /**
     * The role that a person has now, over all grants. A custom role counts as the base role it stands on, which is what
     * `permission` says; `maintain` is `write` there and `triage` is `read`.
     */
    permissionOf: (login: string): Promise<Permission> =>
      ask(`read the permission of ${login}`, READ, async () => {
        const answer = await rest.repos.getCollaboratorPermissionLevel({ ...repo, username: login }).catch(undefinedFor404);
        if (answer === undefined) return { role: "none", mayPush: false };
        const { permission, role_name: role } = answer.data;
        // Where the two disagree, the smaller one counts.
        const mayPush = ["admin", "maintain", "write"].includes(permission) && !["triage", "read", "none"].includes(role);
        return { role: role || permission, mayPush };
      }),
  };
}
