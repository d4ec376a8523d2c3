/* Calls that this project does not use: a shell, unbounded copies, numbers read without a check, hidden state. */
#ifndef ASSAY_BASE_BANNED_H
#define ASSAY_BASE_BANNED_H

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BANNED(name) use_of_##name##_is_banned

#undef strcpy
#undef strcat
#undef strtok
#undef sprintf
#undef vsprintf
#define system(...) BANNED(system)
#define popen(...) BANNED(popen)
#define sprintf(...) BANNED(sprintf)
#define vsprintf(...) BANNED(vsprintf)
#define strcpy(...) BANNED(strcpy)
#define strcat(...) BANNED(strcat)
#define strtok(...) BANNED(strtok)
#define atoi(...) BANNED(atoi)
#define atol(...) BANNED(atol)
#define atof(...) BANNED(atof)
#define rand(...) BANNED(rand)
#define srand(...) BANNED(srand)
#define setlocale(...) BANNED(setlocale)

#endif
