using System.Runtime.ExceptionServices;

namespace GeoFabric.Query.Evaluation;

/// <summary>Sorts with comparisons that may end the query. The library's sort wraps what a comparison throws, which would make an error of the server out of it.</summary>
internal static class ValueSorting
{
    public static void Sort<T>(Span<T> items, Comparison<T> compare)
    {
        try
        {
            items.Sort(compare);
        }
        catch (InvalidOperationException failure) when (failure.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
        }
    }
}
