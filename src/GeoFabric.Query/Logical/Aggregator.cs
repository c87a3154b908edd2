using System.Runtime.InteropServices;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical;

/// <summary>Running state of one aggregate of one group.</summary>
public abstract class Aggregator
{
    /// <summary>Bytes a state takes, for the memory limit.</summary>
    public const int EstimatedBytes = 64;

    public abstract void Add(Value value, EvaluationContext context);

    /// <summary>Takes back the value that was added first of those still in; for moving frames.</summary>
    /// <returns>False when the state cannot do that, or no longer exactly: then it is made anew from the values of the frame.</returns>
    public virtual bool TryRemove(Value oldest) => false;

    public abstract Value Result(EvaluationContext context);

    /// <summary>The result of a COLLECT without groups that saw no row at all.</summary>
    public virtual Value ResultOfNothing => default;
}

/// <summary>
/// When rounding may stay behind in a moving frame: in wide frames, where beginning anew for each row would cost the square of the rows, and there
/// for as many values as the frame has; then it begins anew all the same, which costs no more than the values that came.
/// </summary>
internal struct MovingAccuracy
{
    private const int WideFrame = 256;

    private long _removed;

    public bool Allows(long count) => count >= WideFrame && ++_removed < count;
}

/// <summary>LENGTH and COUNT: counts rows, nulls included.</summary>
internal sealed class CountAggregator : Aggregator
{
    private long _count;

    public override void Add(Value value, EvaluationContext context) => _count++;

    public override bool TryRemove(Value oldest)
    {
        _count--;
        return true;
    }

    public override Value Result(EvaluationContext context) => Value.FromInteger(_count);

    public override Value ResultOfNothing => Value.FromInteger(0);
}

/// <summary>Adds up the counts of parts.</summary>
internal sealed class CountSumAggregator : Aggregator
{
    private long _count;

    public override void Add(Value value, EvaluationContext context) => _count += value.Integer;

    public override Value Result(EvaluationContext context) => Value.FromInteger(_count);
}

/// <summary>MIN and MAX by the total order; nulls are ignored.</summary>
internal sealed class ExtremeAggregator(int sign) : Aggregator
{
    private Value _best;

    public override void Add(Value value, EvaluationContext context)
    {
        if (!value.IsNull && (_best.IsNull || ValueComparer.Compare(value, _best) * sign > 0))
            _best = value;
    }

    public override Value Result(EvaluationContext context) => _best;
}

/// <summary>SUM: null over no rows, 0 over nulls alone; any value that is no number makes it null with a warning.</summary>
internal sealed class SumAggregator : Aggregator
{
    private Value _sum = Value.FromInteger(0);
    private long _count;
    private bool _isInvalid;
    private MovingAccuracy _accuracy;

    public override void Add(Value value, EvaluationContext context)
    {
        if (value.IsNull || _isInvalid)
            return;
        if (!value.IsNumber)
        {
            _isInvalid = true;
            context.Warn(ErrorCodes.InvalidArithmeticValue, "invalid arithmetic value in aggregate 'SUM()'");
            return;
        }
        // A sum that has become too large stays null.
        if (_count++ == 0)
            _sum = value;
        else if (!_sum.IsNull)
            _sum = Arithmetic.Add(_sum, value);
    }

    public override bool TryRemove(Value oldest)
    {
        if (oldest.IsNull)
            return true;
        if (_isInvalid || _sum.IsNull || _count == 1)
            return false;
        var rest = Arithmetic.Subtract(_sum, oldest);
        // Whole numbers come out of a sum as they went in; fractions leave their rounding behind.
        if (!rest.IsInteger && (!_accuracy.Allows(_count) || Math.Abs(oldest.Number) > 1e6 * Math.Abs(rest.Number)))
            return false;
        _count--;
        _sum = rest;
        return true;
    }

    public override Value Result(EvaluationContext context) => _isInvalid ? default : _sum;
}

/// <summary>AVERAGE, VARIANCE and STDDEV by Welford's recurrence (Welford, "Note on a method for calculating corrected sums of squares", 1962).</summary>
internal sealed class MomentAggregator(string name, MomentAggregator.Moment moment) : Aggregator
{
    private long _count;
    private double _mean;
    private double _squares;
    private double _sum;
    private bool _isInvalid;
    private MovingAccuracy _accuracy;

    internal enum Moment
    {
        Average,
        VariancePopulation,
        VarianceSample,
        DeviationPopulation,
        DeviationSample,
    }

    public override void Add(Value value, EvaluationContext context)
    {
        if (value.IsNull || _isInvalid)
            return;
        if (!value.IsNumber)
        {
            _isInvalid = true;
            context.Warn(ErrorCodes.InvalidArithmeticValue, $"invalid arithmetic value in aggregate '{name}()'");
            return;
        }
        var number = value.Number;
        _count++;
        _sum += number;
        var delta = number - _mean;
        _mean += delta / _count;
        _squares += delta * (number - _mean);
    }

    public override bool TryRemove(Value oldest)
    {
        if (oldest.IsNull)
            return true;
        if (_isInvalid || _count == 1 || !_accuracy.Allows(_count))
            return false;
        var number = oldest.Number;
        _count--;
        _sum -= number;
        var delta = number - _mean;
        _mean -= delta / _count;
        _squares = Math.Max(0, _squares - (delta * (number - _mean)));
        return true;
    }

    public override Value Result(EvaluationContext context)
    {
        var isSample = moment is Moment.VarianceSample or Moment.DeviationSample;
        if (_isInvalid || _count == 0 || (isSample && _count == 1))
            return default;
        return Value.FromDouble(moment switch
        {
            Moment.Average => _sum / _count,
            Moment.VariancePopulation => _squares / _count,
            Moment.VarianceSample => _squares / (_count - 1),
            Moment.DeviationPopulation => Math.Sqrt(_squares / _count),
            _ => Math.Sqrt(_squares / (_count - 1)),
        });
    }
}

/// <summary>UNIQUE, SORTED_UNIQUE and COUNT_DISTINCT.</summary>
internal sealed class DistinctAggregator(DistinctAggregator.Form form) : Aggregator
{
    private readonly HashSet<Value> _seen = [];
    private readonly List<Value> _values = [];

    internal enum Form
    {
        FirstSeen,
        Sorted,
        Count,
    }

    public override void Add(Value value, EvaluationContext context)
    {
        if (!_seen.Add(value))
            return;
        context.ReserveMemory(64 + value.OwnedBytes);
        if (form != Form.Count)
            _values.Add(value);
    }

    public override Value Result(EvaluationContext context)
    {
        if (form == Form.Count)
            return Value.FromInteger(_seen.Count);
        if (form == Form.Sorted)
            ValueSorting.Sort(CollectionsMarshal.AsSpan(_values), ValueComparer.Compare);
        return Value.FromList(_values);
    }
}

/// <summary>PUSH: every value, in input order.</summary>
internal sealed class PushAggregator : Aggregator
{
    private readonly List<Value> _values = [];

    public override void Add(Value value, EvaluationContext context)
    {
        context.ReserveMemory(24 + value.OwnedBytes);
        _values.Add(value);
    }

    public override Value Result(EvaluationContext context) => Value.FromList(_values);
}

/// <summary>BIT_AND, BIT_OR and BIT_XOR over integers from 0 to 2^32 - 1; nulls are ignored.</summary>
internal sealed class BitAggregator(string name, Func<long, long, long> combine) : Aggregator
{
    private long? _bits;
    private bool _isInvalid;

    public override void Add(Value value, EvaluationContext context)
    {
        if (value.IsNull || _isInvalid)
            return;
        var number = value.IsNumber ? value.Number : -1;
        if (number < 0 || number > uint.MaxValue || number != Math.Floor(number))
        {
            _isInvalid = true;
            context.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"invalid argument type in aggregate '{name}()'");
            return;
        }
        _bits = _bits is null ? (long)number : combine(_bits.Value, (long)number);
    }

    public override Value Result(EvaluationContext context) => _isInvalid || _bits is null ? default : Value.FromInteger(_bits.Value);
}
