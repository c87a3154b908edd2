using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>The numbers of LIMIT: not negative, fractions cut off, null for "no offset" and "no end".</summary>
public static class LimitNumber
{
    /// <exception cref="GeoFabricException">1504 for anything else.</exception>
    public static long Read(Value value, long defaultValue)
    {
        if (value.IsNull)
            return defaultValue;
        if (!value.IsNumber || value.Number < 0)
            throw ErrorCodes.NumberOutOfRange.With($"LIMIT cannot be {value}; it takes numbers that are not negative");
        return Casts.ToInteger(value);
    }
}
