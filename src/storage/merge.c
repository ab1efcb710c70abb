// SPDX-License-Identifier: GPL-2.0-or-later
#include "storage/merge.h"

#include "base/vec.h"

void merge_fini(struct merge *merge)
{
    free(merge->layers);
    free(merge->vdis);
    *merge = (struct merge){0};
}

void merge_list_fini(struct merge_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        merge_fini(&list->at[i]);
    VEC_FINI(list);
}

void merge_step_fini(struct merge_step *step)
{
    layers_fini(&step->layers);
    free(step->vdis);
    *step = (struct merge_step){.is_empty = true};
}
