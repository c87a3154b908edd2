using System.Globalization;
using GeoFabric.Query.Builtins.Dates;

namespace GeoFabric.Language.Tests.Functions;

public sealed class DateFunctionTests
{
    public static TheoryData<string> Formats { get; } = FunctionCase.Parse("""
        DATE_TIMESTAMP ["2000-04-29"] => 956966400000
        DATE_TIMESTAMP ["2000-04-29Z"] => 956966400000
        DATE_TIMESTAMP ["2012-02-12 13:24:12"] => 1329053052000
        DATE_TIMESTAMP ["2012-02-12 13:24:12Z"] => 1329053052000
        DATE_TIMESTAMP ["2012-02-12 23:59:59.991"] => 1329091199991
        DATE_TIMESTAMP ["2012-02-12 23:59:59.991Z"] => 1329091199991
        DATE_TIMESTAMP ["2012-02-12T13:24:12z"] => 1329053052000
        DATE_TIMESTAMP ["2012-02-12t13:24"] => 1329053040000
        DATE_TIMESTAMP ["2012"] => 1325376000000
        DATE_TIMESTAMP ["2012Z"] => 1325376000000
        DATE_TIMESTAMP ["2012-2"] => 1328054400000
        DATE_TIMESTAMP ["2012-2-1"] => 1328054400000
        DATE_TIMESTAMP ["  2012-02-01  "] => 1328054400000
        DATE_TIMESTAMP ["\t2012-02-01\r\n"] => 1328054400000
        DATE_TIMESTAMP ["1970-01-01T00:00:00.000Z"] => 0
        DATE_TIMESTAMP ["1969-12-31T23:59:59.999Z"] => -1
        DATE_TIMESTAMP ["0000-01-01T00:00:00Z"] => -62167219200000
        DATE_TIMESTAMP ["9999-12-31T23:59:59.999Z"] => 253402300799999
        DATE_TIMESTAMP ["2014-05-07T14:19:09+01:00"] => 1399468749000
        DATE_TIMESTAMP ["2014-05-07T14:19:09-01:30"] => 1399477749000
        DATE_TIMESTAMP ["2014-05-07T14:19:09+01"] => 1399468749000
        DATE_TIMESTAMP ["2014-05-07T14:19:09.1"] => 1399472349100
        DATE_TIMESTAMP ["2014-05-07T14:19:09.12"] => 1399472349120
        DATE_TIMESTAMP ["2014-05-07T14:19:09.1239999"] => 1399472349123
        DATE_TIMESTAMP ["2015-02-31"] => 1425340800000
        DATE_TIMESTAMP ["20"] => -61536067200000
        DATE_TIMESTAMP [0] => 0
        DATE_TIMESTAMP [1399472349522] => 1399472349522
        DATE_TIMESTAMP [1399472349522.9] => 1399472349522
        DATE_TIMESTAMP [-62167219200000] => -62167219200000
        DATE_TIMESTAMP [-62167219200001] => null !1572
        DATE_TIMESTAMP [253402300800000] => null !1572
        DATE_TIMESTAMP [1e300] => null !1572
        DATE_TIMESTAMP [9223372036854775807] => null !1572
        DATE_TIMESTAMP [null] => null !1572
        DATE_TIMESTAMP [true] => null !1572
        DATE_TIMESTAMP [[]] => null !1572
        DATE_TIMESTAMP [{}] => null !1572
        DATE_TIMESTAMP [""] => null !1572
        DATE_TIMESTAMP ["foo"] => null !1572
        DATE_TIMESTAMP ["2012-13-01"] => null !1572
        DATE_TIMESTAMP ["2012-00-01"] => null !1572
        DATE_TIMESTAMP ["2012-01-00"] => null !1572
        DATE_TIMESTAMP ["2012-01-32"] => null !1572
        DATE_TIMESTAMP ["2012-01-"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T24:00"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T1:00"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:60"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:60"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:00."] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:00+1"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:00+24:00"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:00+01:60"] => null !1572
        DATE_TIMESTAMP ["2012-01-01T01:00:00ZZ"] => null !1572
        DATE_TIMESTAMP ["2012-01-01 x"] => null !1572
        DATE_TIMESTAMP ["20121-01-01"] => null !1572
        DATE_TIMESTAMP ["-2012-01-01"] => null !1572
        DATE_TIMESTAMP ["0000-01-01T00:00+01:00"] => null !1572
        DATE_TIMESTAMP ["9999-12-31T23:59-01:00"] => null !1572
        DATE_TIMESTAMP ["２０１２"] => null !1572
        DATE_TIMESTAMP [2016, 12, 8, 9, 22, 30, 15] => 1481188950015
        DATE_TIMESTAMP [2014, 5, 7, 14, 19, 9, 522] => 1399472349522
        DATE_TIMESTAMP [2014, 5, 7] => 1399420800000
        DATE_TIMESTAMP ["2014", "5", "7"] => 1399420800000
        DATE_TIMESTAMP [" 2014 ", "05", "7.9"] => 1399420800000
        DATE_TIMESTAMP [2014, 2, 32] => 1393891200000
        DATE_TIMESTAMP [2014, 13, 1] => 1420070400000
        DATE_TIMESTAMP [2014, 0, 1] => 1385856000000
        DATE_TIMESTAMP [2014, null, 1] => 1385856000000
        DATE_TIMESTAMP [1970, 1, 1, 26] => 93600000
        DATE_TIMESTAMP [1970, 1, 1, 0, 0, 0, 1e12] => 1000000000000
        DATE_TIMESTAMP [1970, 1, 1, null, null, null, null] => 0
        DATE_TIMESTAMP [0, 1, 1] => -62167219200000
        DATE_TIMESTAMP [-1, 1, 1] => null !1572
        DATE_TIMESTAMP [2014, -1, 1] => null !1572
        DATE_TIMESTAMP [2014, 1, -1] => null !1572
        DATE_TIMESTAMP [2014, 1, 1, -1] => null !1572
        DATE_TIMESTAMP [2014, 1, 1, 0, 0, 0, -0.5] => null !1572
        DATE_TIMESTAMP [10000, 1, 1] => null !1572
        DATE_TIMESTAMP [1e300, 1, 1] => null !1572
        DATE_TIMESTAMP [2014, 1e18, 1] => null !1572
        DATE_TIMESTAMP [2014, 1, 1, 9223372036854775807] => null !1572
        DATE_TIMESTAMP ["foo", 1, 1] => null !1572
        DATE_TIMESTAMP ["", 1, 1] => null !1572
        DATE_TIMESTAMP [true, 1, 1] => null !1572
        DATE_TIMESTAMP [[2014], 1, 1] => null !1572
        DATE_TIMESTAMP [2014, 1] => null !1541
        DATE_TIMESTAMP ["2014-01-01", 1] => null !1541
        DATE_ISO8601 [1399472349522] => "2014-05-07T14:19:09.522Z"
        DATE_ISO8601 ["2012-02-29T13:24:12+02:00"] => "2012-02-29T11:24:12.000Z"
        DATE_ISO8601 ["2013-02-29"] => "2013-03-01T00:00:00.000Z"
        DATE_ISO8601 [2012, 2, 32, 26] => "2012-03-04T02:00:00.000Z"
        DATE_ISO8601 [0, 1, 1] => "0000-01-01T00:00:00.000Z"
        DATE_ISO8601 [253402300799999] => "9999-12-31T23:59:59.999Z"
        DATE_ISO8601 [-62167219200000] => "0000-01-01T00:00:00.000Z"
        DATE_ISO8601 [null] => null !1572
        DATE_ISO8601 [2014, 1] => null !1541
        DATE_NOW [] => 1715949015250
        """);

    public static TheoryData<string> Fields { get; } = FunctionCase.Parse("""
        DATE_YEAR ["2012-08-29T13:24:12Z"] => 2012
        DATE_YEAR [1399472349522] => 2014
        DATE_YEAR ["2019-12-31T23:30Z", "Europe/Berlin"] => 2020
        DATE_YEAR ["0000-05-05"] => 0
        DATE_YEAR ["x"] => null !1572
        DATE_YEAR ["2012", 1] => null !1542
        DATE_YEAR ["2012", null] => null !1542
        DATE_YEAR ["2012", "Mars/Olympus"] => error 1572
        DATE_YEAR ["2012", "../UTC"] => error 1572
        DATE_YEAR ["2012", "/etc/passwd"] => error 1572
        DATE_YEAR ["2012", ""] => error 1572
        DATE_MONTH ["2012-08-29"] => 8
        DATE_MONTH ["2012-08-31T22:30Z", "Europe/Berlin"] => 9
        DATE_MONTH [null] => null !1572
        DATE_DAY ["2012-08-29"] => 29
        DATE_DAY ["2012-02-29T23:00Z", "Asia/Tokyo"] => 1
        DATE_DAY [false] => null !1572
        DATE_HOUR ["2012-08-29T13:24:12Z"] => 13
        DATE_HOUR ["2012-08-29T13:24:12Z", "America/New_York"] => 9
        DATE_HOUR ["2012-12-29T13:24:12Z", "America/New_York"] => 8
        DATE_HOUR ["2012-12-29"] => 0
        DATE_MINUTE ["2012-08-29T13:24:12Z"] => 24
        DATE_MINUTE ["2012-08-29T13:24:12Z", "Asia/Kolkata"] => 54
        DATE_SECOND ["2012-08-29T13:24:12Z"] => 12
        DATE_SECOND [-1] => 59
        DATE_MILLISECOND ["2012-08-29T13:24:12.123Z"] => 123
        DATE_MILLISECOND ["2012-08-29T13:24:12Z"] => 0
        DATE_MILLISECOND [-1] => 999
        DATE_DAYOFWEEK ["2020-08-29"] => 6
        DATE_DAYOFWEEK ["2020-08-30"] => 0
        DATE_DAYOFWEEK ["1970-01-01"] => 4
        DATE_DAYOFWEEK ["0000-01-01"] => 6
        DATE_DAYOFWEEK ["2020-08-29T23:00Z", "Europe/Oslo"] => 0
        DATE_DAYOFWEEK ["z"] => null !1572
        DATE_DAYOFYEAR ["2020-08-29"] => 242
        DATE_DAYOFYEAR ["2020-12-31"] => 366
        DATE_DAYOFYEAR ["2019-12-31"] => 365
        DATE_DAYOFYEAR ["2020-01-01"] => 1
        DATE_DAYOFYEAR ["2019-12-31T23:30Z", "Europe/Berlin"] => 1
        DATE_ISOWEEK ["2020-08-29"] => 35
        DATE_ISOWEEK ["2020-01-01"] => 1
        DATE_ISOWEEK ["2021-01-03"] => 53
        DATE_ISOWEEK ["2021-01-04"] => 1
        DATE_ISOWEEK ["2018-12-31"] => 1
        DATE_ISOWEEK ["2012-01-01"] => 52
        DATE_ISOWEEKYEAR ["2021-01-03"] => {"week":53,"year":2020}
        DATE_ISOWEEKYEAR ["2018-12-31"] => {"week":1,"year":2019}
        DATE_ISOWEEKYEAR ["2020-08-29"] => {"week":35,"year":2020}
        DATE_ISOWEEKYEAR [null] => null !1572
        DATE_QUARTER ["2020-03-31"] => 1
        DATE_QUARTER ["2020-04-01"] => 2
        DATE_QUARTER ["2020-09-30"] => 3
        DATE_QUARTER ["2020-12-01"] => 4
        DATE_DAYS_IN_MONTH ["2020-02-01"] => 29
        DATE_DAYS_IN_MONTH ["2019-02-01"] => 28
        DATE_DAYS_IN_MONTH ["1900-02-01"] => 28
        DATE_DAYS_IN_MONTH ["2000-02-01"] => 29
        DATE_DAYS_IN_MONTH ["2020-12-01"] => 31
        DATE_DAYS_IN_MONTH ["2020-11-01"] => 30
        DATE_LEAPYEAR ["2020"] => true
        DATE_LEAPYEAR ["2019"] => false
        DATE_LEAPYEAR ["1900"] => false
        DATE_LEAPYEAR ["2000"] => true
        DATE_LEAPYEAR ["0000"] => true
        DATE_LEAPYEAR [[]] => null !1572
        """);

    public static TheoryData<string> Arithmetic { get; } = FunctionCase.Parse("""
        DATE_ADD ["2016-01-01", 1, "day"] => "2016-01-02T00:00:00.000Z"
        DATE_ADD ["2014-12-31", -3, "months"] => "2014-10-01T00:00:00.000Z"
        DATE_ADD ["2014-01-31", 1, "month"] => "2014-03-03T00:00:00.000Z"
        DATE_ADD ["2016-02-29", 1, "year"] => "2017-03-01T00:00:00.000Z"
        DATE_ADD ["2016-02", "month", -1] => null !1542
        DATE_ADD ["2016-02", 1, "month"] => "2016-03-01T00:00:00.000Z"
        DATE_ADD ["2016-02", 2, "W"] => "2016-02-15T00:00:00.000Z"
        DATE_ADD ["2016-02", 1, "H"] => "2016-02-01T01:00:00.000Z"
        DATE_ADD ["2016-02", 90, "i"] => "2016-02-01T01:30:00.000Z"
        DATE_ADD ["2016-02", -1, "Seconds"] => "2016-01-31T23:59:59.000Z"
        DATE_ADD ["2016-02", 1500, "ms"] => "2016-02-01T00:00:01.500Z"
        DATE_ADD ["2016-02", 1500, "f"] => "2016-02-01T00:00:01.500Z"
        DATE_ADD ["2016-02", 1.5, "hours"] => "2016-02-01T01:30:00.000Z"
        DATE_ADD ["2016-02", 1.9, "months"] => "2016-03-01T00:00:00.000Z"
        DATE_ADD ["2016-02", 0, "years"] => "2016-02-01T00:00:00.000Z"
        DATE_ADD ["2016-02", "1", "day"] => null !1542
        DATE_ADD ["2016-02", null, "day"] => null !1542
        DATE_ADD ["2016-02", true, "day"] => null !1542
        DATE_ADD ["2016-02", [], "day"] => null !1542
        DATE_ADD ["2016-02", 1, 1] => null !1542
        DATE_ADD ["2016-02", 1, null] => null !1542
        DATE_ADD ["2016-02", 1, "moons"] => null !1572
        DATE_ADD ["2016-02", 1, ""] => null !1572
        DATE_ADD ["2016-02", 1, "dayss and many more letters"] => null !1572
        DATE_ADD ["foo", 1, "day"] => null !1572
        DATE_ADD [null, 1, "day"] => null !1572
        DATE_ADD ["9999-12-31", 1, "day"] => null !1572
        DATE_ADD ["0000-01-01", -1, "ms"] => null !1572
        DATE_ADD ["2016-02", 1e300, "years"] => null !1572
        DATE_ADD ["2016-02", 1e14, "years"] => null !1572
        DATE_ADD ["2016-02", 9223372036854775807, "ms"] => null !1572
        DATE_ADD ["2016-02-01", "P1D"] => "2016-02-02T00:00:00.000Z"
        DATE_ADD ["2016-02-01", "p1dt2h"] => "2016-02-02T02:00:00.000Z"
        DATE_ADD ["2016-02-01", "P1Y2M3W4DT5H6M7.89S"] => "2017-04-26T05:06:07.890Z"
        DATE_ADD ["2016-02-01", "PT0.1239S"] => "2016-02-01T00:00:00.123Z"
        DATE_ADD ["2016-02-01", "PT1M"] => "2016-02-01T00:01:00.000Z"
        DATE_ADD ["2016-02-01", "P1M"] => "2016-03-01T00:00:00.000Z"
        DATE_ADD ["2016-02-01", "P13M"] => "2017-03-01T00:00:00.000Z"
        DATE_ADD ["2016-02-01", "P1W"] => "2016-02-08T00:00:00.000Z"
        DATE_ADD ["2016-02-01", "P"] => null !1572
        DATE_ADD ["2016-02-01", "PT"] => null !1572
        DATE_ADD ["2016-02-01", "P1DT"] => null !1572
        DATE_ADD ["2016-02-01", "P1"] => null !1572
        DATE_ADD ["2016-02-01", "1D"] => null !1572
        DATE_ADD ["2016-02-01", "-P1D"] => null !1572
        DATE_ADD ["2016-02-01", "P-1D"] => null !1572
        DATE_ADD ["2016-02-01", "P1D1Y"] => null !1572
        DATE_ADD ["2016-02-01", "P1D1D"] => null !1572
        DATE_ADD ["2016-02-01", "P1H"] => null !1572
        DATE_ADD ["2016-02-01", "P1.5D"] => null !1572
        DATE_ADD ["2016-02-01", "PT1.5H"] => null !1572
        DATE_ADD ["2016-02-01", "PT1.S"] => null !1572
        DATE_ADD ["2016-02-01", "P1DT1HT1M"] => null !1572
        DATE_ADD ["2016-02-01", "P99999999999999D"] => null !1572
        DATE_ADD ["2016-02-01", ""] => null !1572
        DATE_ADD ["2016-02-01", 1] => null !1542
        DATE_ADD ["2016-02-01", null] => null !1542
        DATE_ADD ["2024-03-30T12:00Z", 1, "day", "Europe/Berlin"] => "2024-03-31T11:00:00.000Z"
        DATE_ADD ["2024-03-30T12:00Z", 24, "hours", "Europe/Berlin"] => "2024-03-31T12:00:00.000Z"
        DATE_ADD ["2024-03-30T12:00Z", "P1D", "Europe/Berlin"] => "2024-03-31T11:00:00.000Z"
        DATE_ADD ["2024-03-30T12:00Z", "P1D", "Mars/Olympus"] => error 1572
        DATE_ADD ["2024-03-30T12:00Z", 1, "day", 1] => null !1542
        DATE_ADD ["2024-03-31T01:30", 1, "month", "UTC"] => "2024-05-01T01:30:00.000Z"
        DATE_SUBTRACT ["2016-02-01", 1, "day"] => "2016-01-31T00:00:00.000Z"
        DATE_SUBTRACT ["2014-12-31", 3, "months"] => "2014-10-01T00:00:00.000Z"
        DATE_SUBTRACT ["2016-02-01", "PT1H30M"] => "2016-01-31T22:30:00.000Z"
        DATE_SUBTRACT ["2016-02-29", 1, "y"] => "2015-03-01T00:00:00.000Z"
        DATE_SUBTRACT ["2016-02-01", -1, "day"] => "2016-02-02T00:00:00.000Z"
        DATE_SUBTRACT ["x", "P1D"] => null !1572
        DATE_DIFF ["2000-01-01", "2000-01-02", "days"] => 1
        DATE_DIFF ["2000-01-02", "2000-01-01", "days"] => -1
        DATE_DIFF ["2000-01-01", "2000-01-02T12:00", "d"] => 1
        DATE_DIFF ["2000-01-02T12:00", "2000-01-01", "d"] => -1
        DATE_DIFF ["2000-01-01", "2000-01-02T12:00", "d", true] => 1.5
        DATE_DIFF ["2000-01-01", "2000-01-02", "hours"] => 24
        DATE_DIFF ["2000-01-01", "2000-01-02", "i"] => 1440
        DATE_DIFF ["2000-01-01", "2000-01-02", "s"] => 86400
        DATE_DIFF ["2000-01-01", "2000-01-02", "ms"] => 86400000
        DATE_DIFF ["2000-01-01", "2000-01-15", "weeks"] => 2
        DATE_DIFF ["2000-01-01", "2000-01-11", "weeks", true] => 1.4285714285714286
        DATE_DIFF ["2001-01-01", "2002-01-01", "years"] => 1
        DATE_DIFF ["2001-01-01", "2001-12-31", "years"] => 0
        DATE_DIFF ["2002-01-01", "2001-01-01", "years"] => -1
        DATE_DIFF ["2000-01-31", "2000-02-29", "months"] => 1
        DATE_DIFF ["2000-01-31", "2000-02-28", "months"] => 0
        DATE_DIFF ["2000-02-29", "2000-01-31", "months"] => 0
        DATE_DIFF ["2000-03-31", "2000-02-29", "months"] => -1
        DATE_DIFF ["2000-03-15", "2000-02-14", "months"] => -1
        DATE_DIFF ["2000-03-15T12:00", "2000-02-15T13:00", "months"] => 0
        DATE_DIFF ["1970-01-01", "2370-01-01", "years", true] => 400
        DATE_DIFF ["0000-01-01", "9999-12-31", "ms"] => 315569433600000
        DATE_DIFF ["2000-01-01", "2000-01-02", "moons"] => null !1572
        DATE_DIFF ["2000-01-01", "2000-01-02", 1] => null !1542
        DATE_DIFF ["x", "2000-01-02", "d"] => null !1572
        DATE_DIFF ["2000-01-02", null, "d"] => null !1572
        DATE_DIFF ["2024-03-30T12:00Z", "2024-03-31T11:00Z", "days", false, "Europe/Berlin"] => 1
        DATE_DIFF ["2024-03-30T12:00Z", "2024-03-30T12:00Z", "hours", false, "UTC", "Asia/Tokyo"] => 9
        DATE_DIFF ["2024-03-30", "2024-03-31", "days", false, 1] => null !1542
        DATE_COMPARE ["1985-04-04", "2024-04-04", "months", "days"] => true
        DATE_COMPARE ["1984-02-29", "1985-03-01", "months", "days"] => false
        DATE_COMPARE ["2001-01-01T15:30:45.678Z", "2001-01-01T08:08:08.008Z", "years", "days"] => true
        DATE_COMPARE ["2001-01-01", "2002-01-01", "years"] => false
        DATE_COMPARE ["2001-01-01", "2002-01-01", "months"] => true
        DATE_COMPARE ["2001-01-01", "2001-01-01", "y", "f"] => true
        DATE_COMPARE ["2001-01-01", "2001-01-01T00:00:00.001", "y", "f"] => false
        DATE_COMPARE ["2001-01-01T11:12:13", "2002-02-02T11:12:13", "h", "s"] => true
        DATE_COMPARE ["2001-01-01", "2001-01-01", "d", "m"] => null !1572
        DATE_COMPARE ["2001-01-01", "2001-01-01", "moons"] => null !1572
        DATE_COMPARE ["2001-01-01", "2001-01-01", "y", "moons"] => null !1572
        DATE_COMPARE ["2001-01-01", "2001-01-01", "w"] => null !1572
        DATE_COMPARE ["2001-01-01", "2001-01-01", 1] => null !1542
        DATE_COMPARE ["2001-01-01", "2001-01-01", "y", 1] => null !1542
        DATE_COMPARE [null, "2001-01-01", "y"] => null !1572
        DATE_COMPARE ["2001-01-01T23:30Z", "2001-01-02T00:30", "days", null, "Europe/Berlin", "UTC"] => true
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "year"] => "2017-01-01T00:00:00.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "m"] => "2017-02-01T00:00:00.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "days"] => "2017-02-03T00:00:00.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "H"] => "2017-02-03T04:00:00.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "minutes"] => "2017-02-03T04:05:00.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "s"] => "2017-02-03T04:05:06.000Z"
        DATE_TRUNC ["2017-02-03T04:05:06.789Z", "f"] => "2017-02-03T04:05:06.789Z"
        DATE_TRUNC ["1969-12-31T23:59:59.999Z", "h"] => "1969-12-31T23:00:00.000Z"
        DATE_TRUNC ["2017-02-03", "week"] => null !1572
        DATE_TRUNC ["2017-02-03", "moon"] => null !1572
        DATE_TRUNC ["2017-02-03", null] => null !1542
        DATE_TRUNC ["x", "year"] => null !1572
        DATE_TRUNC ["2017-07-03T23:00Z", "day", "Europe/Berlin"] => "2017-07-03T22:00:00.000Z"
        DATE_TRUNC ["0000-06-06T00:00Z", "year", "Asia/Tokyo"] => null !1572
        DATE_ROUND ["2000-04-28T11:11:11.111Z", 1, "day"] => "2000-04-28T00:00:00.000Z"
        DATE_ROUND ["2000-04-10T11:39:29Z", 15, "minutes"] => "2000-04-10T11:30:00.000Z"
        DATE_ROUND ["2000-04-10T11:39:29.123Z", 500, "f"] => "2000-04-10T11:39:29.000Z"
        DATE_ROUND ["1969-12-31T23:50Z", 1, "h"] => "1969-12-31T23:00:00.000Z"
        DATE_ROUND ["2000-04-10T11:39:29Z", 1, "month"] => null !1572
        DATE_ROUND ["2000-04-10T11:39:29Z", 1, "week"] => null !1572
        DATE_ROUND ["2000-04-10T11:39:29Z", 0, "day"] => null !1572
        DATE_ROUND ["2000-04-10T11:39:29Z", -1, "day"] => null !1572
        DATE_ROUND ["2000-04-10T11:39:29Z", "1", "day"] => null !1542
        DATE_ROUND ["2000-04-10T11:39:29Z", 1, 1] => null !1542
        DATE_ROUND [null, 1, "day"] => null !1572
        DATE_ROUND ["2024-07-03T23:00Z", 1, "day", "Europe/Berlin"] => "2024-07-03T22:00:00.000Z"
        """);

    public static TheoryData<string> Texts { get; } = FunctionCase.Parse("""
        DATE_FORMAT ["2017-02-03T04:05:06.078Z", "%yyyy-%mm-%ddT%hh:%ii:%ss.%fff"] => "2017-02-03T04:05:06.078"
        DATE_FORMAT ["2017-02-03T04:05:06.078Z", "%y|%yy|%yyyy|%yyyyyy"] => "2017|17|2017|+002017"
        DATE_FORMAT ["0007-02-03", "%y|%yy|%yyyy|%yyyyyy"] => "7|07|0007|+000007"
        DATE_FORMAT ["2017-02-03", "%m|%mm|%mmm|%mmmm"] => "2|02|Feb|February"
        DATE_FORMAT ["2017-02-03", "%d|%dd"] => "3|03"
        DATE_FORMAT ["2017-02-03T04:05:06.007", "%h|%hh|%i|%ii|%s|%ss|%f|%fff"] => "4|04|5|05|6|06|7|007"
        DATE_FORMAT ["2017-02-03", "%w|%www|%wwww"] => "5|Fri|Friday"
        DATE_FORMAT ["2017-02-03", "%x|%xxx|%k|%kk|%l|%q|%a"] => "34|034|5|05|0|1|28"
        DATE_FORMAT ["2016-12-31", "%x|%xxx|%k|%kk|%l|%q|%a"] => "366|366|52|52|1|4|31"
        DATE_FORMAT ["2017-02-03", "%t"] => "1486080000000"
        DATE_FORMAT ["1969-12-31T23:59:59.999", "%t"] => "-1"
        DATE_FORMAT ["2017-02-03", "%z"] => "2017-02-03T00:00:00.000Z"
        DATE_FORMAT ["2017-02-03", "%%"] => "%"
        DATE_FORMAT ["2017-02-03", "%%y"] => "%y"
        DATE_FORMAT ["2017-02-03", "%d%&d"] => "3d"
        DATE_FORMAT ["2017-02-03", "%"] => ""
        DATE_FORMAT ["2017-02-03", "100% %g"] => "100 g"
        DATE_FORMAT ["2017-02-03", "%ddd"] => "03d"
        DATE_FORMAT ["2017-02-03", "%yyy"] => "17y"
        DATE_FORMAT ["2017-02-03", "%ww"] => "5w"
        DATE_FORMAT ["2017-02-03", "ä%d🦊"] => "ä3🦊"
        DATE_FORMAT ["2017-02-03", ""] => ""
        DATE_FORMAT ["2017-02-03", "plain"] => "plain"
        DATE_FORMAT ["2017-02-03T23:30Z", "%dd.%mm. %hh:%ii %z", "Europe/Berlin"] => "04.02. 00:30 2017-02-03T23:30:00.000Z"
        DATE_FORMAT ["2017-02-03", 1] => null !1542
        DATE_FORMAT ["2017-02-03", null] => null !1542
        DATE_FORMAT ["x", "%y"] => null !1572
        DATE_FORMAT ["2017-02-03", "%y", "Nowhere"] => error 1572
        """);

    public static TheoryData<string> Zones { get; } = FunctionCase.Parse("""
        DATE_UTCTOLOCAL ["2020-10-15T01:00:00.999Z", "America/New_York"] => "2020-10-14T21:00:00.999"
        DATE_UTCTOLOCAL ["2020-03-15T00:00:00.000", "Europe/Berlin"] => "2020-03-15T01:00:00.000"
        DATE_UTCTOLOCAL ["2020-07-15T00:00:00.000", "Europe/Berlin"] => "2020-07-15T02:00:00.000"
        DATE_UTCTOLOCAL [1584230400000, "Asia/Shanghai"] => "2020-03-15T08:00:00.000"
        DATE_UTCTOLOCAL ["2020-03-15T00:00:00.000-02:00", "Asia/Shanghai"] => "2020-03-15T10:00:00.000"
        DATE_UTCTOLOCAL ["2020-03-15", "UTC"] => "2020-03-15T00:00:00.000"
        DATE_UTCTOLOCAL ["2500-07-15", "Europe/Berlin"] => "2500-07-15T02:00:00.000"
        DATE_UTCTOLOCAL ["2500-01-15", "Europe/Berlin"] => "2500-01-15T01:00:00.000"
        DATE_UTCTOLOCAL ["2500-01-15", "Australia/Sydney"] => "2500-01-15T11:00:00.000"
        DATE_UTCTOLOCAL ["2500-07-15", "Australia/Sydney"] => "2500-07-15T10:00:00.000"
        DATE_UTCTOLOCAL ["1850-01-01", "Europe/Berlin"] => "1850-01-01T00:53:28.000"
        DATE_UTCTOLOCAL ["9999-12-31T23:00Z", "Asia/Tokyo"] => null !1572
        DATE_UTCTOLOCAL ["x", "Asia/Tokyo"] => null !1572
        DATE_UTCTOLOCAL ["2020", 5] => null !1542
        DATE_UTCTOLOCAL ["2020", null] => null !1542
        DATE_UTCTOLOCAL ["2020", "UTC", 1] => null !1542
        DATE_UTCTOLOCAL ["2020", "europe/berlin"] => error 1572
        DATE_LOCALTOUTC ["2020-10-14T21:00:00.999", "America/New_York"] => "2020-10-15T01:00:00.999Z"
        DATE_LOCALTOUTC ["2020-03-15T00:00:00.000", "Europe/Berlin"] => "2020-03-14T23:00:00.000Z"
        DATE_LOCALTOUTC ["2020-03-15T00:00:00.000", "UTC"] => "2020-03-15T00:00:00.000Z"
        DATE_LOCALTOUTC ["2024-03-31T02:30", "Europe/Berlin"] => "2024-03-31T01:30:00.000Z"
        DATE_LOCALTOUTC ["2024-10-27T02:30", "Europe/Berlin"] => "2024-10-27T00:30:00.000Z"
        DATE_LOCALTOUTC ["2024-10-27T03:30", "Europe/Berlin"] => "2024-10-27T02:30:00.000Z"
        DATE_LOCALTOUTC ["0000-01-01", "Asia/Tokyo"] => null !1572
        DATE_LOCALTOUTC [null, "UTC"] => null !1572
        DATE_LOCALTOUTC ["2020", true] => null !1542
        DATE_LOCALTOUTC ["2020", "Nowhere"] => error 1572
        DATE_TIMEZONE [] => "UTC"
        """);

    [Theory, MemberData(nameof(Formats))]
    public void Reading_and_writing_give(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Fields))]
    public void Fields_are(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Arithmetic))]
    public void Moving_and_comparing_give(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Texts))]
    public void Formatting_gives(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Zones))]
    public void Zones_give(string line) => FunctionCase.Run(line);

    [Theory]
    [InlineData("DATE_UTCTOLOCAL", "2020-10-15T01:00:00.999Z", "America/New_York", "local", "2020-10-14T21:00:00.999", "EDT", "2020-03-08T07:00:00.000Z", "2020-11-01T06:00:00.000Z", true, -14400)]
    [InlineData("DATE_LOCALTOUTC", "2020-10-14T21:00:00.999", "America/New_York", "utc", "2020-10-15T01:00:00.999Z", "EDT", "2020-03-08T07:00:00.000Z", "2020-11-01T06:00:00.000Z", true, -14400)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "Europe/Berlin", "local", "2020-01-15T01:00:00.000", "CET", "2019-10-27T01:00:00.000Z", "2020-03-29T01:00:00.000Z", false, 3600)]
    [InlineData("DATE_UTCTOLOCAL", "2037-12-15", "Europe/Berlin", "local", "2037-12-15T01:00:00.000", "CET", "2037-10-25T01:00:00.000Z", "2038-03-28T01:00:00.000Z", false, 3600)]
    [InlineData("DATE_UTCTOLOCAL", "2038-07-15", "Europe/Berlin", "local", "2038-07-15T02:00:00.000", "CEST", "2038-03-28T01:00:00.000Z", "2038-10-31T01:00:00.000Z", true, 7200)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "Asia/Tokyo", "local", "2020-01-15T09:00:00.000", "JST", "1951-09-08T15:00:00.000Z", null, false, 32400)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "UTC", "local", "2020-01-15T00:00:00.000", "UTC", null, null, false, 0)]
    public void Zone_information_tells_abbreviation_and_period(
        string function, string date, string zone, string name, string result, string abbreviation, string? begin, string? end, bool isDaylightSaving, int offset)
    {
        var value = FunctionCase.Call(new FunctionTestContext(), function, $"""["{date}", "{zone}", true]""");

        Assert.Equal(result, value.GetAttribute(System.Text.Encoding.UTF8.GetBytes(name)).Text);
        Assert.True(value.GetAttribute("tzdb"u8).IsString);
        var info = value.GetAttribute("zoneInfo"u8);
        Assert.Equal(abbreviation, info.GetAttribute("name"u8).Text);
        Assert.Equal(begin, info.GetAttribute("begin"u8) is { IsString: true } from ? from.Text : null);
        Assert.Equal(end, info.GetAttribute("end"u8) is { IsString: true } to ? to.Text : null);
        Assert.Equal(isDaylightSaving, info.GetAttribute("dst"u8).IsTruthy);
        Assert.Equal(offset, info.GetAttribute("offset"u8).Integer);
    }

    [Fact]
    public void All_names_of_zones_can_be_used()
    {
        var names = FunctionCase.Call(new FunctionTestContext(), "DATE_TIMEZONES", "[]").Items;

        Assert.True(names.Count > 300);
        foreach (var name in names)
            Assert.True(FunctionCase.Call(new FunctionTestContext(), "DATE_UTCTOLOCAL", $"[\"2024-07-01\", {name}]").IsString, name.Text);
    }

    [Fact]
    public void Zones_agree_with_the_platform_since_1970()
    {
        var random = new Random(5);
        foreach (var name in new[] { "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "Europe/Dublin", "America/St_Johns" })
        {
            var zone = TimeZoneInfo.FindSystemTimeZoneById(name);
            for (var i = 0; i < 300; i++)
            {
                var moment = DateTimeOffset.FromUnixTimeMilliseconds(random.NextInt64(0, 4_000_000_000_000));

                var local = FunctionCase.Call(new FunctionTestContext(), "DATE_UTCTOLOCAL", $"[{moment.ToUnixTimeMilliseconds()}, \"{name}\"]").Text;

                Assert.Equal(TimeZoneInfo.ConvertTime(moment, zone).ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture), local);
            }
        }
    }

    [Fact]
    public void Dates_agree_with_the_platform_in_all_years_it_knows()
    {
        var random = new Random(3);
        var text = new byte[DateText.Length];
        for (var i = 0; i < 50_000; i++)
        {
            var moment = new DateTime(random.NextInt64(0, DateTime.MaxValue.Ticks / 10_000) * 10_000, DateTimeKind.Utc);
            var milliseconds = (moment.Ticks - DateTime.UnixEpoch.Ticks) / 10_000;

            DateText.Write(text, milliseconds);

            Assert.Equal(moment.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), System.Text.Encoding.ASCII.GetString(text));
            Assert.True(DateText.TryParse(text, out var parsed));
            Assert.Equal(milliseconds, parsed);
        }
    }

    [Fact]
    public void Weeks_and_weekdays_agree_with_the_platform()
    {
        var context = new FunctionTestContext();
        for (var day = new DateTime(1995, 1, 1, 0, 0, 0, DateTimeKind.Utc); day.Year < 2030; day = day.AddDays(1))
        {
            var argument = $"[\"{day:yyyy-MM-dd}\"]";

            Assert.Equal(ISOWeek.GetWeekOfYear(day), FunctionCase.Call(context, "DATE_ISOWEEK", argument).Integer);
            Assert.Equal((long)day.DayOfWeek, FunctionCase.Call(context, "DATE_DAYOFWEEK", argument).Integer);
            Assert.Equal(day.DayOfYear, FunctionCase.Call(context, "DATE_DAYOFYEAR", argument).Integer);
        }
    }
}
