# SPDX-License-Identifier: GPL-2.0-or-later

class journal
  doc An operation under way, as a manager that starts after a crash must know it. Not part of the API: no message, no event.
  since latchkey-1
  writer pool-admin
  flags no-database kept no-events no-get-all

field method dynamic string
  doc The message that was called, such as VM.clone.
  flags internal

field task dynamic string
  doc Its task, by reference.
  flags internal

field created dynamic datetime
  doc When it took its first step.
  flags internal

field steps dynamic set(string)
  doc What it has begun, oldest first: a word that names the step and what it is about.
  flags internal

field marks dynamic set(string)
  doc The objects it works on: class, reference, operation.
  flags internal
