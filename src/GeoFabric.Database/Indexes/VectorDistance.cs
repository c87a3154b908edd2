using System.Runtime.Intrinsics;

namespace GeoFabric.Database.Indexes;

/// <summary>Sums over two vectors, four numbers at a time on every machine: what is stored depends on them, so they must not differ with the processor.</summary>
internal static class VectorDistance
{
    public static float Squared(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector128<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector128<float>.Count; i += Vector128<float>.Count)
        {
            var difference = Vector128.Create(left.Slice(i, Vector128<float>.Count)) - Vector128.Create(right.Slice(i, Vector128<float>.Count));
            sums += difference * difference;
        }
        var sum = Add(sums);
        for (; i < left.Length; i++)
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        return sum;
    }

    public static float Dot(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var sums = Vector128<float>.Zero;
        var i = 0;
        for (; i <= left.Length - Vector128<float>.Count; i += Vector128<float>.Count)
            sums += Vector128.Create(left.Slice(i, Vector128<float>.Count)) * Vector128.Create(right.Slice(i, Vector128<float>.Count));
        var sum = Add(sums);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }

    /// <summary>In an order of its own, which library functions may choose by processor.</summary>
    private static float Add(Vector128<float> sums) => sums[0] + sums[1] + (sums[2] + sums[3]);
}
