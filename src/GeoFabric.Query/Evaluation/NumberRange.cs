using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Evaluation;

/// <summary>The integers from one bound to the other, both included, downwards when the first is greater: what <c>a..b</c> means.</summary>
public static class NumberRange
{
    /// <summary>Items of a range at most when it has to be held as an array.</summary>
    public const int ItemsMax = 10_000_000;

    /// <summary>Number of integers between the bounds, which may exceed what fits into an array.</summary>
    public static UInt128 Count(long first, long last) =>
        (UInt128)(first <= last ? (Int128)last - first : (Int128)first - last) + 1;

    /// <summary>The range as an array. More than <see cref="ItemsMax"/> items are error 1504.</summary>
    public static Value ToArray(long first, long last, EvaluationContext context)
    {
        var count = Count(first, last);
        if (count > ItemsMax)
            throw ErrorCodes.NumberOutOfRange.With($"the range {first}..{last} has {count} items; an array holds at most {ItemsMax} of them");
        context.ReserveMemory((long)count * 24);
        var step = first <= last ? 1 : -1;
        var items = new Value[(int)count];
        for (var i = 0; i < items.Length; i++)
            items[i] = Value.FromInteger(first + ((long)i * step));
        return Value.FromList(items, items.Length);
    }
}
