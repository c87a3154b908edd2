using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>Operands of the language's functions as those of the operations that they become. Each follows the casts of its function.</summary>
internal static class OperandReaders
{
    public static OperandPair? None(ReadOnlySpan<Value> operands, Value present) => default(OperandPair);

    /// <summary>The sum of all operands, as the operators + and - cast them.</summary>
    public static OperandPair? Sum(ReadOnlySpan<Value> operands, Value present)
    {
        var sum = Casts.ToNumber(operands[0]);
        foreach (var operand in operands[1..])
            sum = Arithmetic.Add(sum, operand);
        return sum.IsNumber ? new OperandPair(sum) : null;
    }

    public static OperandPair? Item(ReadOnlySpan<Value> operands, Value present) => new(Value.FromList([operands[0]], 1));

    /// <summary>The items of an array, or one item; null stands for none.</summary>
    public static OperandPair? ItemOrItems(ReadOnlySpan<Value> operands, Value present) => operands[0].IsArray
        ? Items(operands, present)
        : operands[0].IsNull ? null : Item(operands, present);

    /// <summary>The items of all operands, which must be arrays.</summary>
    public static OperandPair? Items(ReadOnlySpan<Value> operands, Value present)
    {
        var count = 0;
        foreach (var operand in operands)
        {
            if (!operand.IsArray)
                return null;
            count += operand.Items.Count;
        }
        if (count == 0)
            return null;
        if (operands.Length == 1)
            return new OperandPair(operands[0]);
        var items = new List<Value>(count);
        foreach (var operand in operands)
        {
            foreach (var item in operand.Items)
                items.Add(item);
        }
        return new OperandPair(Value.FromList(items));
    }

    /// <summary>REMOVE_VALUE: the value, and how many of its like at most.</summary>
    public static OperandPair? ItemAndLimit(ReadOnlySpan<Value> operands, Value present)
    {
        var limit = operands.Length < 2 || operands[1].IsNull ? -1 : Casts.ToInteger(operands[1]);
        return limit == 0 ? null : new OperandPair(Value.FromList([operands[0]], 1), limit < 0 ? Value.Null : Value.FromInteger(limit));
    }

    /// <summary>REMOVE_NTH: the position of an item that is there.</summary>
    public static OperandPair? Position(ReadOnlySpan<Value> operands, Value present) =>
        ItemPosition(Casts.ToInteger(operands[0]), present) is { } position ? new OperandPair(position) : null;

    /// <summary>REPLACE_NTH: such a position, and the new item. Before the start means the first.</summary>
    public static OperandPair? PositionAndItem(ReadOnlySpan<Value> operands, Value present)
    {
        if (!operands[0].IsNumber || !present.IsArray)
            return null;
        var position = Math.Max(Casts.ToInteger(operands[0]), -present.Items.Count);
        return ItemPosition(position, present) is { } found ? new OperandPair(found, operands[1]) : null;
    }

    /// <summary>INSERT_AT: a position up to the end, and the new item.</summary>
    public static OperandPair? GapAndItem(ReadOnlySpan<Value> operands, Value present) => operands[0].IsNumber && present.IsArray
        ? new OperandPair(Value.FromInteger(Builtins.ArrayPositions.Clamp(Casts.ToInteger(operands[0]), present.Items.Count, present.Items.Count)), operands[1])
        : null;

    /// <summary>MOVE: the position of an item that is there, and another one.</summary>
    public static OperandPair? TwoPositions(ReadOnlySpan<Value> operands, Value present)
    {
        if (!operands[0].IsNumber || !operands[1].IsNumber || ItemPosition(Casts.ToInteger(operands[0]), present) is not { } from)
            return null;
        var to = Builtins.ArrayPositions.Clamp(Casts.ToInteger(operands[1]), present.Items.Count, present.Items.Count - 1);
        return to == from.Integer ? null : new OperandPair(from, Value.FromInteger(to));
    }

    public static OperandPair? Greatest(ReadOnlySpan<Value> operands, Value present) => Extreme(operands, 1);

    public static OperandPair? Smallest(ReadOnlySpan<Value> operands, Value present) => Extreme(operands, -1);

    /// <summary>As MAX and MIN: null does not count.</summary>
    private static OperandPair? Extreme(ReadOnlySpan<Value> operands, int direction)
    {
        var best = Value.Null;
        foreach (var operand in operands)
        {
            if (!operand.IsNull && (best.IsNull || ValueComparer.Compare(operand, best) * (long)direction > 0))
                best = operand;
        }
        return best.IsNull ? null : new OperandPair(best);
    }

    private static Value? ItemPosition(long position, Value present)
    {
        if (!present.IsArray)
            return null;
        if (position < 0)
            position += present.Items.Count;
        return position >= 0 && position < present.Items.Count ? Value.FromInteger(position) : null;
    }
}
