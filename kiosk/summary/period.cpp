#include "kiosk/summary/period.h"

namespace listenpost::kiosk {

int days_of(Period period)
{
    switch (period) {
    case Period::Today:
        return 1;
    case Period::SevenDays:
        return 7;
    case Period::TwentyEightDays:
        return 28;
    }
    return 1;
}

}
