/* Fuzzing of the reader of tables: no text does harm, and each cell is there to be asked for.
 */
#include "table.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct nnp_table table;
    struct nnp_error error;
    if (nnp_table_parse(&table, "fuzz.csv", (const char *)data, size, &error))
        return 0;
    for (int row = 0; row < table.n_rows; row++) {
        for (int column = 0; column < table.n_columns; column++) {
            double value;
            enum nnp_status status = nnp_table_number(&table, row, column, &value, &error);
            (void)status;
        }
    }
    nnp_table_free(&table);
    return 0;
}
