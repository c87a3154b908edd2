using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Reading from arrays: length, single items, parts, order. Something else than an array is warning 1563, or 1542 for SLICE.</summary>
public static class ArrayFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("LENGTH", 1, 1, Pure, "Number of array items, object attributes or characters.", "LENGTH([1, 2, 3])", "3", Length),
        new("COUNT", 1, 1, Pure, "Another name of LENGTH.", "COUNT({ a: 1, b: 2 })", "2", Length),
        new("FIRST", 1, 1, Pure, "First item of an array, or null when it is empty.", "FIRST([7, 8, 9])", "7", First),
        new("LAST", 1, 1, Pure, "Last item of an array, or null when it is empty.", "LAST([7, 8, 9])", "9", Last),
        new("NTH", 2, 2, Pure, "Item at a position counted from 0, or null outside of the array.", "NTH([7, 8, 9], 1)", "8", Nth),
        new("POSITION", 2, 3, Pure, "Tells whether an array holds a value, or at which position.", "POSITION([2, 4, 6], 4, true)", "1", Position),
        new("CONTAINS_ARRAY", 2, 3, Pure, "Another name of POSITION.", "CONTAINS_ARRAY([2, 4, 6], 5)", "false", Position),
        new("REVERSE", 1, 1, Pure, "An array or a string from its end to its start.", "REVERSE([1, 2, 3])", "[3,2,1]", Reverse),
        new("SLICE", 2, 3, Pure, "A part of an array; negative positions count from its end.", "SLICE([1, 2, 3, 4, 5], 1, -1)", "[2,3,4]", Slice),
        new("FLATTEN", 1, 2, Pure, "Replaces the arrays inside an array by their items, down to a depth.", "FLATTEN([1, [2, [3]]], 2)", "[1,2,3]", Flatten),
        new("INTERLEAVE", 2, FunctionDefinition.Unlimited, Pure, "Takes items from several arrays in turn.", "INTERLEAVE([1, 3], [2], [9, 8])", "[1,2,9,3,8]", Interleave),
        new("SORTED", 1, 1, Pure, "The items in ascending order.", "SORTED([8, \"b\", 3, null])", "[null,3,8,\"b\"]", Sorted),
        new("SORTED_UNIQUE", 1, 1, Pure, "The distinct items in ascending order.", "SORTED_UNIQUE([8, 3, 8])", "[3,8]", SortedUnique),
    ];

    private static Value Length(in FunctionCall call) => Value.FromInteger(call[0].Kind switch
    {
        ValueKind.Array => call[0].Items.Count,
        ValueKind.Object => call[0].Attributes.Count,
        ValueKind.Boolean => call[0].IsTruthy ? 1 : 0,
        ValueKind.Null => 0,
        _ => CodePoints.Count(Casts.ToText(call[0]).Utf8),
    });

    private static Value First(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var items = call[0].Items;
        return items.Count == 0 ? default : items[0];
    }

    private static Value Last(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var items = call[0].Items;
        return items.Count == 0 ? default : items[items.Count - 1];
    }

    private static Value Nth(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var items = call[0].Items;
        var position = Math.Floor(Casts.ToDouble(call[1]));
        return position >= 0 && position < items.Count ? items[(int)position] : default;
    }

    private static Value Position(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var items = call[0].Items;
        var position = -1;
        for (var i = 0; i < items.Count && position < 0; i++)
        {
            if (ValueComparer.Equal(items[i], call[1]))
                position = i;
        }
        return call[2].IsTruthy ? Value.FromInteger(position) : Value.FromBoolean(position >= 0);
    }

    private static Value Reverse(in FunctionCall call)
    {
        if (call[0].IsString)
            return ReverseText(call);
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var items = call[0].Items;
        var reversed = new ValueListWriter(call.Context, items.Count);
        for (var i = items.Count - 1; i >= 0; i--)
            reversed.Add(items[i]);
        return reversed.ToValue();
    }

    private static Value ReverseText(in FunctionCall call)
    {
        var text = call[0].Utf8;
        call.Context.ReserveMemory(text.Length);
        var reversed = new byte[text.Length];
        for (var start = 0; start < text.Length;)
        {
            var length = CodePoints.LengthAt(text[start]);
            text.Slice(start, length).CopyTo(reversed.AsSpan(text.Length - start - length));
            start += length;
        }
        return Value.FromUtf8(reversed, 0, reversed.Length);
    }

    private static Value Slice(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.WrongType();
        var items = call[0].Items;
        var start = Casts.ToInteger(call[1]);
        start = start < 0 ? Math.Max(0, items.Count + start) : Math.Min(start, items.Count);
        long end = items.Count;
        if (!call[2].IsNull)
        {
            var length = Casts.ToInteger(call[2]);
            end = length < 0 ? items.Count + length : start + Math.Min(length, items.Count - start);
        }
        var slice = new ValueListWriter(call.Context, (int)Math.Max(0, end - start));
        for (var i = (int)start; i < end; i++)
            slice.Add(items[i]);
        return slice.ToValue();
    }

    private static Value Flatten(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.ArrayExpected();
        var depth = call.Count < 2 ? 1 : Math.Max(1, Casts.ToInteger(call[1]));
        var flat = new ValueListWriter(call.Context, call[0].Items.Count);
        FlattenInto(ref flat, call[0].Items, depth);
        return flat.ToValue();
    }

    // The recursion ends at the nesting limit that parsing puts on every value.
    private static void FlattenInto(ref ValueListWriter flat, ArrayView items, long depth)
    {
        foreach (var item in items)
        {
            if (depth > 0 && item.IsArray)
                FlattenInto(ref flat, item.Items, depth - 1);
            else
                flat.Add(item);
        }
    }

    private static Value Interleave(in FunctionCall call)
    {
        var total = 0L;
        foreach (var argument in call.Arguments)
        {
            if (!argument.IsArray)
                return call.WrongType();
            total += argument.Items.Count;
        }
        var mixed = new ValueListWriter(call.Context, (int)Math.Min(total, ValueListWriter.ItemsMax));
        // Those that have items left stand at the front, in their order.
        var arrays = call.Arguments.ToArray();
        var open = arrays.Length;
        for (var i = 0; open > 0; i++)
        {
            var stillOpen = 0;
            for (var j = 0; j < open; j++)
            {
                if (i >= arrays[j].Items.Count)
                    continue;
                mixed.Add(arrays[j].Items[i]);
                arrays[stillOpen++] = arrays[j];
            }
            open = stillOpen;
        }
        return mixed.ToValue();
    }

    private static Value Sorted(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return default;
        var sorted = SortedItems(call);
        return Value.FromList(sorted, sorted.Length);
    }

    private static Value SortedUnique(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return default;
        var sorted = SortedItems(call);
        var count = 0;
        foreach (var item in sorted)
        {
            if (count == 0 || !ValueComparer.Equal(sorted[count - 1], item))
                sorted[count++] = item;
        }
        return Value.FromList(sorted, count);
    }

    /// <summary>A stable sort: of equal items, such as objects whose attributes stand in another order, the first stays the first.</summary>
    private static Value[] SortedItems(in FunctionCall call)
    {
        var items = call[0].Items;
        call.Context.ReserveMemory(items.Count * 56L);
        var sorted = new Value[items.Count];
        var positions = new int[items.Count];
        for (var i = 0; i < sorted.Length; i++)
        {
            sorted[i] = items[i];
            positions[i] = i;
        }
        ValueSorting.Sort(positions.AsSpan(), (left, right) =>
        {
            var order = ValueComparer.Compare(items[left], items[right]);
            return order != 0 ? order : left.CompareTo(right);
        });
        for (var i = 0; i < sorted.Length; i++)
            sorted[i] = items[positions[i]];
        return sorted;
    }
}
