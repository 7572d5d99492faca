#pragma once

#include <boost/asio/ip/address.hpp>
#include <string>

namespace listenpost::sync {

/// Whom an address counts for where limits are: an IPv4 address is one caller (also written as IPv6), and so
/// are the 2^64 addresses of an IPv6 network, of which anybody gets one to choose from.
std::string peer_name(boost::asio::ip::address const& address);

}
