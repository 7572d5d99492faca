#pragma once

#include "sync/hub/storage.h"

#include <string>
#include <string_view>

namespace listenpost::sync {

/// A byte-order mark, without which Excel takes Chinese for something else, and the names of
/// the columns. Lines end in CR LF (RFC 4180).
std::string_view csv_header();

/// One line, of a response or a staff event: the last six columns are an event's, and empty in a response;
/// those of what a customer says are empty in an event. Questions other than the three of QSC stand as JSON
/// in `other_answers`.
void append_csv(std::string& out, LogRow const& row);

}
