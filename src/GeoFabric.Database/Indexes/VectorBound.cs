using GeoFabric.Database.Catalog;

namespace GeoFabric.Database.Indexes;

/// <summary>
/// How near to one vector the documents behind codes can be at best: never farther than they are. What is left out by it is not among the nearest, so
/// what an index finds with codes is what it finds without them.
/// </summary>
public sealed class VectorBound
{
    /// <summary>A float is at most so much off, relative to its size.</summary>
    private const double FloatError = 1.0 / (1 << 24);

    /// <summary>Sums are taken in so many lanes, of whose additions each is off a little.</summary>
    private const int Lanes = 4;

    private readonly VectorSettings _settings;
    private readonly float[] _target;
    private readonly float[] _numbers;
    private readonly double _targetLength;
    private readonly double _sumError;

    /// <param name="target">A vector that the index takes.</param>
    public VectorBound(VectorSettings settings, ReadOnlySpan<double> target)
    {
        _settings = settings;
        _target = VectorTraining.Prepare(target, settings.Metric == VectorSettings.Cosine);
        _numbers = new float[_target.Length];
        var squares = 0.0;
        foreach (var number in _target)
            squares += (double)number * number;
        _targetLength = Math.Sqrt(squares) * (1 + (2 * FloatError));
        _sumError = 2 * FloatError * ((_target.Length / Lanes) + (2 * Lanes));
    }

    /// <summary>For distances the smallest that can be, for similarities and products the greatest; as near as numbers go where the code does not tell.</summary>
    /// <param name="code">What an entry of the index keeps of the vector; may be nothing.</param>
    public double Of(ReadOnlySpan<byte> code)
    {
        var isDistance = _settings.Metric == VectorSettings.Euclidean;
        var unknown = isDistance ? double.MinValue : double.MaxValue;
        if (code.Length != VectorCode.SizeOf(_target.Length, _settings.CodeBits))
            return unknown;
        var missed = VectorCode.Read(code, _settings.CodeBits, _numbers, out var greatest);
        // Also for sums of numbers that are too small for floats.
        var tiny = _target.Length * (double)1.1754944e-38f;
        double bound;
        if (isDistance)
        {
            var squares = (VectorDistance.Squared(_target, _numbers) * (1 - _sumError)) - tiny;
            bound = Math.Sqrt(Math.Max(0, squares));
            bound -= missed + (FloatError * _targetLength) + (FloatError * bound);
        }
        else
        {
            var length = greatest * Math.Sqrt(_numbers.Length);
            bound = VectorDistance.Dot(_target, _numbers) + (_targetLength * missed * (1 + FloatError)) + ((_sumError + (2 * FloatError)) * _targetLength * length) + tiny;
        }
        return double.IsFinite(bound) ? bound : unknown;
    }
}
