#include "sync/hub/storage.h"

namespace listenpost::sync {

char const* name(Role role) { return role == Role::Admin ? "admin" : "reader"; }

RefusalReason conflict()
{
    return {"conflict", "this install and seq are taken by another content: the box is a copy"};
}

}
