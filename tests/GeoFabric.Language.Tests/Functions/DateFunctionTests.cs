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
        DATE_TIMESTAMP [null] => null !1542
        DATE_TIMESTAMP [true] => null !1542
        DATE_TIMESTAMP [[]] => null !1542
        DATE_TIMESTAMP [{}] => null !1542
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
        DATE_TIMESTAMP ["2012-01-01T01:00:00+1"] => 1325376000000
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
        DATE_ISO8601 [null] => null !1542
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
        DATE_MONTH [null] => null !1542
        DATE_DAY ["2012-08-29"] => 29
        DATE_DAY ["2012-02-29T23:00Z", "Asia/Tokyo"] => 1
        DATE_DAY [false] => null !1542
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
        DATE_ISOWEEKYEAR [null] => null !1542
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
        DATE_LEAPYEAR [[]] => null !1542
        """);

    public static TheoryData<string> Zones { get; } = FunctionCase.Parse("""
        DATE_UTCTOLOCAL ["2020-10-15T01:00:00.999Z", "America/New_York"] => "2020-10-14T21:00:00.999"
        DATE_UTCTOLOCAL ["2020-03-15T00:00:00.000", "Europe/Berlin"] => "2020-03-15T01:00:00.000"
        DATE_UTCTOLOCAL ["2020-07-15T00:00:00.000", "Europe/Berlin"] => "2020-07-15T02:00:00.000"
        DATE_UTCTOLOCAL [1584230400000, "Asia/Shanghai"] => "2020-03-15T08:00:00.000"
        DATE_UTCTOLOCAL ["2020-03-15T00:00:00.000-02:00", "Asia/Shanghai"] => "2020-03-15T10:00:00.000"
        DATE_UTCTOLOCAL ["2020-03-15", "UTC"] => "2020-03-15T00:00:00.000Z"
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
        DATE_LOCALTOUTC [null, "UTC"] => null !1542
        DATE_LOCALTOUTC ["2020", true] => null !1542
        DATE_LOCALTOUTC ["2020", "Nowhere"] => error 1572
        DATE_TIMEZONE [] => "UTC"
        """);

    [Theory, MemberData(nameof(Formats))]
    public void Reading_and_writing_give(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Fields))]
    public void Fields_are(string line) => FunctionCase.Run(line);

    [Theory, MemberData(nameof(Zones))]
    public void Zones_give(string line) => FunctionCase.Run(line);

    [Theory]
    [InlineData("DATE_UTCTOLOCAL", "2020-10-15T01:00:00.999Z", "America/New_York", "local", "2020-10-14T21:00:00.999", "EDT", "2020-03-08T07:00:00.000Z", "2020-11-01T06:00:00.000Z", true, -14400)]
    [InlineData("DATE_LOCALTOUTC", "2020-10-14T21:00:00.999", "America/New_York", "utc", "2020-10-15T01:00:00.999Z", "EDT", "2020-03-08T07:00:00.000Z", "2020-11-01T06:00:00.000Z", true, -14400)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "Europe/Berlin", "local", "2020-01-15T01:00:00.000", "CET", "2019-10-27T01:00:00.000Z", "2020-03-29T01:00:00.000Z", false, 3600)]
    [InlineData("DATE_UTCTOLOCAL", "2037-12-15", "Europe/Berlin", "local", "2037-12-15T01:00:00.000", "CET", "2037-10-25T01:00:00.000Z", "2038-03-28T01:00:00.000Z", false, 3600)]
    [InlineData("DATE_UTCTOLOCAL", "2038-07-15", "Europe/Berlin", "local", "2038-07-15T02:00:00.000", "CEST", "2038-03-28T01:00:00.000Z", "2038-10-31T01:00:00.000Z", true, 7200)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "Asia/Tokyo", "local", "2020-01-15T09:00:00.000", "JST", "1951-09-08T15:00:00.000Z", null, false, 32400)]
    [InlineData("DATE_UTCTOLOCAL", "2020-01-15", "UTC", "local", "2020-01-15T00:00:00.000Z", "UTC", null, null, false, 0)]
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
