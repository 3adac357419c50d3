/** What MinGW-w64 links into the native decoder for Windows, with its licences. */
import { spawnSync } from "node:child_process";
import { compilers } from "../../compile.ts";

/** The version of the compiler, which its libraries share; null if it is not installed. */
export function mingwVersion(): string | null {
  const { status, stdout } = spawnSync(compilers.windows.cpp, ["-dumpfullversion"], { encoding: "utf8" });
  return status === 0 ? stdout.trim() : null;
}

/** SPDX: winpthreads, then libgcc and libstdc++. */
export const mingwLicence = "MIT AND BSD-3-Clause AND GPL-3.0-or-later WITH GCC-exception-3.1";

/** `mit`: its licence for an owner. */
export const mingwText = (
  mit: (owner: string) => string,
): string => `winpthreads (mingw-w64): ${mit("2011-2016 mingw-w64 project")}

Parts of winpthreads: Copyright (c) 2010 Lockless Inc. All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted provided that the following
conditions are met:

 * Redistributions of source code must retain the above copyright notice, this list of conditions and the following disclaimer.
 * Redistributions in binary form must reproduce the above copyright notice, this list of conditions and the following
   disclaimer in the documentation and/or other materials provided with the distribution.
 * Neither the name of Lockless Inc. nor the names of its contributors may be used to endorse or promote products derived from
   this software without specific prior written permission.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AN ANY EXPRESS OR IMPLIED WARRANTIES, INCLUDING, BUT
NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL
THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES
(INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS
INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE
OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.

libgcc and libstdc++ (GCC): GNU General Public License, version 3 or later, with the GCC Runtime Library Exception, version 3.1,
which permits programs compiled by GCC to be shipped under any terms: https://www.gnu.org/licenses/gcc-exception-3.1.html`;
