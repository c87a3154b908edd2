using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Changed copies of arrays. Something else than an array is warning 1542; what null means differs from function to function.</summary>
public static class ArrayEditFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("APPEND", 2, 3, Pure, "Adds all items of a second array to the end of the first.", "APPEND([1, 2], [2, 3])", "[1,2,2,3]", Append),
        new("PUSH", 2, 3, Pure, "Adds one item to the end.", "PUSH([1, 2], 3)", "[1,2,3]", Push),
        new("UNSHIFT", 2, 3, Pure, "Adds one item to the start.", "UNSHIFT([1, 2], 3)", "[3,1,2]", Unshift),
        new("POP", 1, 1, Pure, "Leaves the last item out.", "POP([1, 2, 3])", "[1,2]", Pop),
        new("SHIFT", 1, 1, Pure, "Leaves the first item out.", "SHIFT([1, 2, 3])", "[2,3]", Shift),
        new("REMOVE_NTH", 2, 2, Pure, "Leaves the item at a position out; negative positions count from the end.", "REMOVE_NTH([1, 2, 3], -2)", "[1,3]", RemoveNth),
        new("REMOVE_VALUE", 2, 3, Pure, "Leaves the items equal to a value out, all or the first few.", "REMOVE_VALUE([1, 2, 1, 1], 1, 2)", "[2,1]", RemoveValue),
        new("REMOVE_VALUES", 2, 2, Pure, "Leaves the items out that a second array holds.", "REMOVE_VALUES([1, 2, 3, 2], [2])", "[1,3]", RemoveValues),
        new("REPLACE_NTH", 3, 4, Pure, "Puts a value at a position; beyond the end it pads the gap.", "REPLACE_NTH([1, 2], 3, 9, 0)", "[1,2,0,9]", ReplaceNth),
        new("INSERT_AT", 3, 3, Pure, "Adds one item before the one at a position; negative positions count from the end, those beyond it mean the end.", "INSERT_AT([1, 2], 1, 9)", "[1,9,2]", InsertAt),
        new("MOVE", 3, 3, Pure, "Moves the item at a position to another one, which it has in the result; negative positions count from the end.", "MOVE([1, 2, 3], 0, 2)", "[2,3,1]", Move),
    ];

    private static Value Append(in FunctionCall call)
    {
        if (call[0].IsNull)
            return call[1];
        if (!call[0].IsArray)
            return call.WrongType();
        if (call[1].IsNull)
            return call[0];
        var isUnique = call[2].IsTruthy;
        var seen = new ValueSet(call.Context);
        var added = call[1].IsArray ? call[1].Items.Count : 1;
        var result = new ValueListWriter(call.Context, (int)Math.Min((long)call[0].Items.Count + added, ValueListWriter.ItemsMax));
        foreach (var item in call[0].Items)
        {
            if (!isUnique || seen.Add(item))
                result.Add(item);
        }
        if (!call[1].IsArray)
        {
            if (!isUnique || seen.Add(call[1]))
                result.Add(call[1]);
            return result.ToValue();
        }
        foreach (var item in call[1].Items)
        {
            if (!isUnique || seen.Add(item))
                result.Add(item);
        }
        return result.ToValue();
    }

    private static Value Push(in FunctionCall call) => AddOne(call, atStart: false);

    private static Value Unshift(in FunctionCall call) => AddOne(call, atStart: true);

    private static Value AddOne(in FunctionCall call, bool atStart)
    {
        if (call[0].IsNull)
            return Value.FromList([call[1]], 1);
        if (!call[0].IsArray)
            return call.WrongType();
        if (call[2].IsTruthy && Holds(call[0].Items, call[1]))
            return call[0];
        var result = new ValueListWriter(call.Context, call[0].Items.Count + 1);
        if (atStart)
            result.Add(call[1]);
        result.AddAll(call[0].Items);
        if (!atStart)
            result.Add(call[1]);
        return result.ToValue();
    }

    private static Value Pop(in FunctionCall call)
    {
        if (call[0].IsNull)
            return default;
        return call[0].IsArray ? Without(call, call[0].Items.Count - 1) : call.WrongType();
    }

    private static Value Shift(in FunctionCall call)
    {
        if (call[0].IsNull)
            return default;
        return call[0].IsArray ? Without(call, 0) : call.WrongType();
    }

    private static Value RemoveNth(in FunctionCall call)
    {
        if (call[0].IsNull)
            return Value.EmptyArray;
        if (!call[0].IsArray)
            return call.WrongType();
        var position = Casts.ToInteger(call[1]);
        return Without(call, position < 0 ? position + call[0].Items.Count : position);
    }

    /// <summary>The first argument without the item at a position; the argument itself when it has no such item.</summary>
    private static Value Without(in FunctionCall call, long position)
    {
        var items = call[0].Items;
        if (position < 0 || position >= items.Count)
            return call[0];
        var result = new ValueListWriter(call.Context, items.Count - 1);
        for (var i = 0; i < items.Count; i++)
        {
            if (i != position)
                result.Add(items[i]);
        }
        return result.ToValue();
    }

    private static Value RemoveValue(in FunctionCall call)
    {
        if (call[0].IsNull)
            return Value.EmptyArray;
        if (!call[0].IsArray)
            return call.WrongType();
        var limit = call[2].IsNull ? -1 : Casts.ToInteger(call[2]);
        var remaining = limit < 0 ? long.MaxValue : limit;
        var result = new ValueListWriter(call.Context, call[0].Items.Count);
        foreach (var item in call[0].Items)
        {
            if (remaining > 0 && ValueComparer.Equal(item, call[1]))
                remaining--;
            else
                result.Add(item);
        }
        return result.ToValue();
    }

    private static Value RemoveValues(in FunctionCall call)
    {
        if (call[0].IsNull)
            return Value.EmptyArray;
        if (!call[0].IsArray)
            return call.WrongType();
        if (call[1].IsNull)
            return call[0];
        if (!call[1].IsArray)
            return call.WrongType();
        var excluded = new ValueSet(call.Context);
        excluded.AddAll(call[1].Items);
        var result = new ValueListWriter(call.Context, call[0].Items.Count);
        foreach (var item in call[0].Items)
        {
            if (!excluded.Contains(item))
                result.Add(item);
        }
        return result.ToValue();
    }

    private static Value ReplaceNth(in FunctionCall call)
    {
        if (!call[0].IsArray || !call[1].IsNumber)
            return call.WrongType();
        var items = call[0].Items;
        var position = Casts.ToInteger(call[1]);
        if (position < 0)
            position = Math.Max(0, position + items.Count);
        if (position > items.Count && (call.Count < 4 || position >= NumberRange.ItemsMax))
            return call.WrongType();
        var result = new ValueListWriter(call.Context, (int)Math.Max(items.Count, position + 1));
        result.AddAll(items);
        while (result.Count < position)
            result.Add(call[3]);
        if (position == result.Count)
            result.Add(call[2]);
        else
            result.Items[(int)position] = call[2];
        return result.ToValue();
    }

    private static Value InsertAt(in FunctionCall call)
    {
        if (!call[1].IsNumber)
            return call.WrongType();
        if (call[0].IsNull)
            return Value.FromList([call[2]], 1);
        if (!call[0].IsArray)
            return call.WrongType();
        var items = call[0].Items;
        var position = (int)ArrayPositions.Clamp(Casts.ToInteger(call[1]), items.Count, items.Count);
        var result = new ValueListWriter(call.Context, items.Count + 1);
        for (var i = 0; i < position; i++)
            result.Add(items[i]);
        result.Add(call[2]);
        for (var i = position; i < items.Count; i++)
            result.Add(items[i]);
        return result.ToValue();
    }

    /// <summary>Without an item at the first position the array stays as it is; a second position outside of it means its start or end.</summary>
    private static Value Move(in FunctionCall call)
    {
        if (!call[1].IsNumber || !call[2].IsNumber)
            return call.WrongType();
        if (call[0].IsNull)
            return default;
        if (!call[0].IsArray)
            return call.WrongType();
        var items = call[0].Items;
        var from = Casts.ToInteger(call[1]);
        from = from < 0 ? from + items.Count : from;
        if (from < 0 || from >= items.Count)
            return call[0];
        var to = (int)ArrayPositions.Clamp(Casts.ToInteger(call[2]), items.Count, items.Count - 1);
        var result = new ValueListWriter(call.Context, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            if (result.Count == to)
                result.Add(items[(int)from]);
            if (i != from)
                result.Add(items[i]);
        }
        if (result.Count < items.Count)
            result.Add(items[(int)from]);
        return result.ToValue();
    }

    private static bool Holds(ArrayView items, Value value)
    {
        foreach (var item in items)
        {
            if (ValueComparer.Equal(item, value))
                return true;
        }
        return false;
    }
}
