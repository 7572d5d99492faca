#include "kiosk/model/survey_reader.h"

#include <cstdio>
#include <fstream>
#include <sstream>

// What the reader says of each file, a line each: faults as they are, remarks after "note: ".
// For the test that the schema says the same.
int main(int count, char** arguments)
{
    for (int index = 1; index < count; ++index) {
        std::ostringstream content;
        content << std::ifstream(arguments[index]).rdbuf();
        auto const reading = listenpost::kiosk::read_survey(content.str());
        std::printf("== %s\n", arguments[index]);
        for (auto const& fault : reading.faults)
            std::printf("%s\n", fault.c_str());
        for (auto const& remark : reading.remarks)
            std::printf("note: %s\n", remark.c_str());
    }
    return 0;
}
