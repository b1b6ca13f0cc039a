/* Numbers that C17 does not name. */
#ifndef NNP_CONSTANTS_H
#define NNP_CONSTANTS_H

#define NNP_PI 3.14159265358979323846

#endif
