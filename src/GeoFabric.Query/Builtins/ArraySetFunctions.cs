using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Arrays as sets. Results keep the order in which items are first seen. Something else than an array is warning 1542, for UNIQUE 1563.</summary>
public static class ArraySetFunctions
{
    private const double SafeIntegers = 9007199254740992;

    public static readonly FunctionDefinition[] Table =
    [
        new("UNIQUE", 1, 1, Pure, "The distinct items of an array.", "UNIQUE([1, 2, 1.0, 3, 2])", "[1,2,3]", Unique),
        new("COUNT_DISTINCT", 1, 1, Pure, "Number of distinct items of an array.", "COUNT_DISTINCT([1, 2, 1])", "2", CountDistinct),
        new("COUNT_UNIQUE", 1, 1, Pure, "Another name of COUNT_DISTINCT.", "COUNT_UNIQUE([null, null])", "1", CountDistinct),
        new("UNION", 2, FunctionDefinition.Unlimited, Pure, "All items of several arrays, duplicates included.", "UNION([1, 2], [2, 3])", "[1,2,2,3]", Union),
        new("UNION_DISTINCT", 2, FunctionDefinition.Unlimited, Pure, "The distinct items of several arrays.", "UNION_DISTINCT([1, 2], [2, 3])", "[1,2,3]", UnionDistinct),
        new("INTERSECTION", 2, FunctionDefinition.Unlimited, Pure, "The distinct items that every array holds.", "INTERSECTION([1, 2, 3], [3, 2])", "[2,3]", Intersection),
        new("OUTERSECTION", 2, FunctionDefinition.Unlimited, Pure, "The items that exactly one of the arrays holds.", "OUTERSECTION([1, 2], [2, 3])", "[1,3]", Outersection),
        new("MINUS", 2, FunctionDefinition.Unlimited, Pure, "The distinct items of the first array that no other one holds.", "MINUS([1, 2, 3, 3], [2])", "[1,3]", Minus),
        new("JACCARD", 2, 2, Pure, "Share of common items among the distinct items of two arrays.", "JACCARD([1, 2], [2, 1, 3, 4])", "0.5", Jaccard),
        new("MINHASH", 2, 2, Pure, "Signature of an array: its smallest item hashes, as many as asked for.", "LENGTH(MINHASH([\"a\", \"b\", \"c\"], 2))", "2", MinHash),
        new("MINHASH_COUNT", 1, 1, Pure, "Number of hashes a signature needs to keep its error below a bound.", "MINHASH_COUNT(0.05)", "400", MinHashCount),
        new("MINHASH_ERROR", 1, 1, Pure, "Error to expect of a signature with that many hashes.", "MINHASH_ERROR(400)", "0.05", MinHashError),
    ];

    private static Value Unique(in FunctionCall call) => call[0].IsArray ? DistinctItems(call) : call.ArrayExpected();

    private static Value CountDistinct(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.WrongType();
        var seen = new ValueSet(call.Context);
        seen.AddAll(call[0].Items);
        return Value.FromInteger(seen.Count);
    }

    private static Value Union(in FunctionCall call)
    {
        if (!AllAreArrays(call))
            return call.WrongType();
        var union = new ValueListWriter(call.Context, 0);
        foreach (var argument in call.Arguments)
            union.AddAll(argument.Items);
        return union.ToValue();
    }

    private static Value UnionDistinct(in FunctionCall call) => AllAreArrays(call) ? DistinctItems(call) : call.WrongType();

    /// <summary>The distinct items of all arguments.</summary>
    private static Value DistinctItems(in FunctionCall call)
    {
        var seen = new ValueSet(call.Context);
        var distinct = new ValueListWriter(call.Context, 0);
        foreach (var argument in call.Arguments)
        {
            foreach (var item in argument.Items)
            {
                if (seen.Add(item))
                    distinct.Add(item);
            }
        }
        return distinct.ToValue();
    }

    private static Value Intersection(in FunctionCall call)
    {
        if (!AllAreArrays(call))
            return call.WrongType();
        var counts = CountArgumentsWithEach(call);
        var common = new ValueListWriter(call.Context, 0);
        foreach (var (item, count) in counts.InOrder)
        {
            if (count == call.Count)
                common.Add(item);
        }
        return common.ToValue();
    }

    private static Value Outersection(in FunctionCall call)
    {
        if (!AllAreArrays(call))
            return call.WrongType();
        var counts = CountArgumentsWithEach(call);
        var single = new ValueListWriter(call.Context, 0);
        foreach (var (item, count) in counts.InOrder)
        {
            if (count == 1)
                single.Add(item);
        }
        return single.ToValue();
    }

    private static Value Minus(in FunctionCall call)
    {
        if (!AllAreArrays(call))
            return call.WrongType();
        var excluded = new ValueSet(call.Context);
        for (var i = 1; i < call.Count; i++)
            excluded.AddAll(call[i].Items);
        var rest = new ValueListWriter(call.Context, 0);
        foreach (var item in call[0].Items)
        {
            if (excluded.Add(item))
                rest.Add(item);
        }
        return rest.ToValue();
    }

    private static Value Jaccard(in FunctionCall call)
    {
        if (!AllAreArrays(call))
            return call.WrongType();
        var counts = CountArgumentsWithEach(call);
        var common = 0;
        foreach (var (_, count) in counts.InOrder)
            common += count == 2 ? 1 : 0;
        return counts.Count == 0 ? Value.FromInteger(1) : Value.FromDouble((double)common / counts.Count);
    }

    private static Value MinHash(in FunctionCall call)
    {
        if (!call[0].IsArray || !call[1].IsNumber || !(call[1].Number is >= 1 and <= NumberRange.ItemsMax))
            return call.WrongType();
        call.Context.ReserveMemory(call[0].Items.Count * 48L);
        var hashes = new SortedSet<long>();
        var size = (int)call[1].Number;
        foreach (var item in call[0].Items)
        {
            hashes.Add(ControlFunctions.HashOf(item));
            if (hashes.Count > size)
                hashes.Remove(hashes.Max);
        }
        var signature = new ValueListWriter(call.Context, hashes.Count);
        foreach (var hash in hashes)
            signature.Add(Value.FromInteger(hash));
        return signature.ToValue();
    }

    private static Value MinHashCount(in FunctionCall call)
    {
        if (!call[0].IsNumber || !(call[0].Number > 0))
            return call.WrongType();
        // In doubles the quotient can lie a hair above the integer it is, which would cost a hash.
        var count = Math.Ceiling(Math.Round(1 / (call[0].Number * call[0].Number), 6));
        return count < SafeIntegers ? Value.FromInteger((long)count) : Value.FromDouble(count);
    }

    private static Value MinHashError(in FunctionCall call) =>
        call[0].IsNumber && call[0].Number > 0 ? Value.FromDouble(1 / Math.Sqrt(call[0].Number)) : call.WrongType();

    private static bool AllAreArrays(in FunctionCall call)
    {
        foreach (var argument in call.Arguments)
        {
            if (!argument.IsArray)
                return false;
        }
        return true;
    }

    /// <summary>For each distinct item, in how many of the arguments it occurs.</summary>
    private static ValueTally CountArgumentsWithEach(in FunctionCall call)
    {
        var tally = new ValueTally(call.Context);
        foreach (var argument in call.Arguments)
        {
            tally.BeginRound();
            foreach (var item in argument.Items)
                tally.CountOncePerRound(item);
        }
        return tally;
    }
}
