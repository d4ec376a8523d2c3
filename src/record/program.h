/* What a command runs: its program, and the script that an interpreter is given. */
#ifndef ASSAY_RECORD_PROGRAM_H
#define ASSAY_RECORD_PROGRAM_H

/* 1 for a program that runs a script which its first argument names (python3.11, bash, Rscript), by its base name. */
int program_is_interpreter(const char *program);

/* 1 for two paths of one interpreter, whatever its folder and version: /usr/bin/python3 and .venv/bin/python3.11. */
int program_same_interpreter(const char *a, const char *b);

/*
 * The word that names what runs: a script, the module behind -m, else the program itself. argv: NULL-terminated, not empty;
 * the word is one of it.
 */
const char *program_script(const char *const *argv, int *is_module);

#endif
