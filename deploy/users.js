// Creates the roles of roles.json and one user for each; run it once as the database's administrator:
//   mongosh "mongodb://管理员@主机/admin?replicaSet=…" deploy/users.js
const roles = JSON.parse(require("fs").readFileSync(`${__dirname}/roles.json`, "utf8"));
const admin = db.getSiblingDB("admin");
for (const [role, rights] of Object.entries(roles)) {
  if (admin.getRole(role)) {
    admin.updateRole(role, rights);
  } else {
    admin.createRole({ role, ...rights });
  }
  const user = role.replace("greenladder_", "");
  if (!admin.getUser(user)) {
    print(`为 ${user} 设定口令：`);
    admin.createUser({ user, pwd: passwordPrompt(), roles: [role] });
  }
}
