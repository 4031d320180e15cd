# What hub-mirror-action lets git do for each repository: a clone, without its HEAD, and a push of its remote branches as branches, with tags and
# --prune. Forced, as its users have to set it where branches are rewritten. It lists and creates nothing here.
import os
import shutil
import sys

import git

failed = 0
with open(os.environ["COMPARE_REPOSITORIES"]) as repositories:
    for line in repositories:
        name, source, destination = line.split()
        folder = os.path.join(os.environ["COMPARE_FOLDER"], name)
        try:
            clone = git.Repo.clone_from(source, folder)
            clone.git.remote("set-head", "origin", "-d")
            clone.create_remote("mirror", destination)
            clone.git.push("mirror", "refs/remotes/origin/*:refs/heads/*", "--tags", "--prune", "--force")
        except git.exc.GitCommandError as error:
            print(f"{name}: {error}", file=sys.stderr)
            failed = 1
        shutil.rmtree(folder, ignore_errors=True)
sys.exit(failed)
