/** An RPM package, built with rpmbuild. */
import { copyFileSync, lstatSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram, type PackageSource } from "./source.ts";

const payloads: Readonly<Record<string, string>> = {
  xz: "w6.xzdio",
  xzmt: "w6T.xzdio",
  zstd: "w19.zstdio",
  gzip: "w6.gzdio",
};

/** By fpm's names. */
const architectures: Readonly<Record<string, string>> = { amd64: "x86_64", arm64: "aarch64" };

/** Writes `source.output`. */
export function makeRpm(source: PackageSource): void {
  const specification = join(source.work, "package.spec");
  writeFileSync(specification, specificationOf(source));
  const built = join(source.work, "built");
  const define = (name: string, value: string) => ["--define", `${name} ${value}`];
  runProgram(
    "rpmbuild",
    [
      ...["-bb", "--quiet", "--target", architectures[source.architecture] ?? source.architecture],
      ...define("_topdir", join(source.work, "rpm")),
      ...define("_rpmdir", built),
      ...define("_rpmfilename", "package.rpm"),
      specification,
    ],
    "rpm",
  );
  copyFileSync(join(built, "package.rpm"), source.output);
}

function specificationOf(source: PackageSource): string {
  const { name, tree } = source;
  const isOwn = (path: string) =>
    source.ownFolders.some((folder) => path === folder || path.startsWith(`${folder}/`));
  const paths = readdirSync(tree, { recursive: true, encoding: "utf8" }).map((path) => `/${path}`);
  const files = paths.sort().flatMap((path) => {
    const isFolder = lstatSync(join(tree, path)).isDirectory();
    return isFolder ? (isOwn(path) ? [`%dir "${path}"`] : []) : [`"${path}"`];
  });
  const summary = source.summary ?? source.description.trim().split("\n")[0]!;
  // The files are final: nothing is stripped, and nothing is derived from them.
  return `
%define _binary_payload ${payloads[source.compression] ?? payloads["xz"]}
%define debug_package %{nil}
%define __os_install_post %{nil}
%define _build_id_links none
Name: ${name}
Version: ${source.version}
Release: 1
Summary: ${summary}
License: ${source.license}
Vendor: ${source.vendor}
Packager: ${source.maintainer}
URL: ${source.url}
AutoReqProv: no
${source.depends.map((dependency) => `Requires: ${dependency}`).join("\n")}

%description
${source.description.trim()}

%install
mkdir -p %{buildroot}
cp -al "${tree}/." %{buildroot}/

%post
${escaped(source.afterInstall)}
%postun
${escaped(source.afterRemove)}
%files
%defattr(-,root,root,-)
${files.join("\n")}
`;
}

/** "%" starts a macro. */
const escaped = (script: string) => script.replaceAll("%", "%%");
