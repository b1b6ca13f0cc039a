/* Activation functions with first and second derivatives; the definitions stand in
 * nnp/network.h. */
#include "nnp/network.h"

#include "names.h"

#include <math.h>

static const char *const activation_names[NNP_N_ACTIVATION] = {
    "linear", "tanh",     "logistic", "softplus", "relu", "gaussian", "cos",   "revlogistic",
    "exp",    "harmonic", "selu",     "swish",    "elu",  "mtanh",    "twist",
};

/* G. Klambauer et al., Adv. Neural Inf. Process. Syst. 30 (2017), eq. 2. */
#define SELU_SCALE 1.0507009873554804934193349852946
#define SELU_ALPHA 1.6732632423543772848170429916717

/* Y. LeCun et al., Efficient BackProp (1998), sec. 4.4. */
#define MTANH_SCALE 1.7159

static double logistic(double x)
{
    return x >= 0.0 ? 1.0 / (1.0 + exp(-x)) : exp(x) / (1.0 + exp(x));
}

/* f, f', f'' of sign * (logistic or its complement). */
static void logistic_derivatives(double x, double sign, double y[3])
{
    const double s = logistic(x), q = logistic(-x); /* q = 1 - s without cancellation */
    y[0] = sign > 0.0 ? s : q;
    y[1] = sign * s * q;
    y[2] = sign * s * q * (q - s);
}

static void tanh_derivatives(double scale, double stretch, double x, double y[3])
{
    const double t = tanh(stretch * x), c = 1.0 - t * t;
    y[0] = scale * t;
    y[1] = scale * stretch * c;
    y[2] = -2.0 * scale * stretch * stretch * t * c;
}

static void elu_derivatives(double scale, double alpha, double x, double y[3])
{
    const double e = x > 0.0 ? 0.0 : scale * alpha * exp(x);
    y[0] = x > 0.0 ? scale * x : scale * alpha * expm1(x);
    y[1] = x > 0.0 ? scale : e;
    y[2] = e;
}

static void swish_derivatives(double x, double y[3])
{
    double s[3];
    logistic_derivatives(x, 1.0, s);
    y[0] = x * s[0];
    y[1] = s[0] + x * s[1];
    y[2] = 2.0 * s[1] + x * s[2];
}

/* y = f, f', f''. */
static void derivatives(enum nnp_activation activation, double x, double y[3])
{
    y[1] = y[2] = 0.0;
    switch (activation) {
    case NNP_ACTIVATION_TANH:
        tanh_derivatives(1.0, 1.0, x, y);
        break;
    case NNP_ACTIVATION_LOGISTIC:
        logistic_derivatives(x, 1.0, y);
        break;
    case NNP_ACTIVATION_REVLOGISTIC:
        logistic_derivatives(x, -1.0, y);
        break;
    case NNP_ACTIVATION_SOFTPLUS:
        logistic_derivatives(x, 1.0, y);
        y[2] = y[1];
        y[1] = y[0];
        y[0] = (x > 0.0 ? x : 0.0) + log1p(exp(-fabs(x)));
        break;
    case NNP_ACTIVATION_RELU:
        y[0] = x > 0.0 ? x : 0.0;
        y[1] = x > 0.0;
        break;
    case NNP_ACTIVATION_GAUSSIAN:
        y[0] = exp(-0.5 * x * x);
        y[1] = -x * y[0];
        y[2] = (x * x - 1.0) * y[0];
        break;
    case NNP_ACTIVATION_COS:
        y[0] = cos(x);
        y[1] = -sin(x);
        y[2] = -y[0];
        break;
    case NNP_ACTIVATION_EXP:
        y[0] = y[2] = exp(-x);
        y[1] = -y[0];
        break;
    case NNP_ACTIVATION_HARMONIC:
        y[0] = x * x;
        y[1] = 2.0 * x;
        y[2] = 2.0;
        break;
    case NNP_ACTIVATION_SELU:
        elu_derivatives(SELU_SCALE, SELU_ALPHA, x, y);
        break;
    case NNP_ACTIVATION_ELU:
        elu_derivatives(1.0, 1.0, x, y);
        break;
    case NNP_ACTIVATION_SWISH:
        swish_derivatives(x, y);
        break;
    case NNP_ACTIVATION_MTANH:
        tanh_derivatives(MTANH_SCALE, 2.0 / 3.0, x, y);
        break;
    case NNP_ACTIVATION_TWIST:
        tanh_derivatives(MTANH_SCALE, 2.0 / 3.0, x, y);
        y[0] += 0.1 * x;
        y[1] += 0.1;
        break;
    default:
        y[0] = x;
        y[1] = 1.0;
        break;
    }
}

void nnp_activation_evaluate(enum nnp_activation activation, double x, double *f, double *df_dx,
                             double *d2f_dx2)
{
    double y[3];
    derivatives(activation, x, y);
    *f = y[0];
    if (df_dx)
        *df_dx = y[1];
    if (d2f_dx2)
        *d2f_dx2 = y[2];
}

const char *nnp_activation_name(enum nnp_activation activation)
{
    return (unsigned)activation < NNP_N_ACTIVATION ? activation_names[activation] : "?";
}

enum nnp_activation nnp_activation_from_name(const char *name)
{
    return (enum nnp_activation)nnp_names_find(activation_names, NNP_N_ACTIVATION, name);
}
