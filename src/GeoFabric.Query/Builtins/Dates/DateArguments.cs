using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Builtins.Dates;

/// <summary>Reads the arguments that date functions share and writes their results.</summary>
internal static class DateArguments
{
    /// <summary>A date as a timestamp or as text. False: no usable date.</summary>
    public static bool TryReadDate(Value argument, out long milliseconds)
    {
        milliseconds = 0;
        if (argument.IsString)
            return DateText.TryParse(argument.Utf8, out milliseconds);
        if (!argument.IsNumber)
            return false;
        if (argument.IsInteger)
            milliseconds = argument.Integer;
        else if (Math.Abs(argument.Number) < 1e15)
            milliseconds = (long)argument.Number;
        else
            return false;
        return CivilTime.IsInRange(milliseconds);
    }

    /// <summary>The zone that an argument names, UTC when it is absent. False: it is no string.</summary>
    /// <exception cref="GeoFabricException">1572: no such zone.</exception>
    public static bool TryReadZone(bool isGiven, Value argument, out DateZone zone)
    {
        zone = DateZone.Utc;
        if (!isGiven)
            return true;
        if (!argument.IsString)
            return false;
        if (!TimeZones.TryGet(argument.Text, out zone))
            throw ErrorCodes.InvalidDateValue.With($"unknown time zone {argument}; use an IANA name such as \"Europe/Oslo\"");
        return true;
    }

    /// <summary>The moment as <c>YYYY-MM-DDTHH:MM:SS.mmmZ</c>.</summary>
    public static Value ToText(long milliseconds)
    {
        var text = new byte[DateText.Length];
        DateText.Write(text, milliseconds);
        return Value.FromUtf8(text, 0, text.Length);
    }

    /// <summary>The same without the Z, for the local time of some zone.</summary>
    public static Value ToLocalText(long milliseconds)
    {
        var text = new byte[DateText.Length];
        DateText.Write(text, milliseconds);
        return Value.FromUtf8(text, 0, text.Length - 1);
    }
}
