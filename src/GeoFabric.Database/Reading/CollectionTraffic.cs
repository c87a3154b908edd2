using System.Runtime.CompilerServices;

namespace GeoFabric.Database.Reading;

/// <summary>Counts what is read from and written to one collection, second by second. Thread-safe without a lock; adding makes no garbage.</summary>
/// <remarks>Nothing has to be done between one question and the next: a second's place is taken over by whoever counts first in a later one.</remarks>
internal sealed class CollectionTraffic
{
    /// <summary>A power of two with room for the present second and for those who come late.</summary>
    private const int Places = 16;

    private PlacesOfSeconds _reads;
    private PlacesOfSeconds _writes;

    public void AddReads(uint second, uint documents) => Add(ref _reads[(int)(second % Places)], second, documents);

    public void AddWrites(uint second, uint documents) => Add(ref _writes[(int)(second % Places)], second, documents);

    /// <summary>Rates of the whole seconds before this one.</summary>
    public TrafficRates RatesBefore(uint second) => new(Sum(ref _reads, second), Sum(ref _writes, second));

    private static double Sum(ref PlacesOfSeconds places, uint second)
    {
        var documents = 0L;
        for (var back = 1u; back <= TrafficRates.SecondsCounted && back <= second; back++)
        {
            var place = Volatile.Read(ref places[(int)((second - back) % Places)]);
            if (SecondOf(place) == second - back)
                documents += (uint)place;
        }
        return (double)documents / TrafficRates.SecondsCounted;
    }

    /// <summary>A place holds its second and the count of it in one number, so that both change together.</summary>
    private static void Add(ref ulong place, uint second, uint documents)
    {
        for (var seen = Volatile.Read(ref place); ;)
        {
            // Whoever was held up for so long that the place is another second's goes uncounted.
            if (SecondOf(seen) > second)
                return;
            var next = SecondOf(seen) == second ? seen + documents : ((ulong)second << 32) + documents;
            var found = Interlocked.CompareExchange(ref place, next, seen);
            if (found == seen)
                return;
            seen = found;
        }
    }

    private static uint SecondOf(ulong place) => (uint)(place >> 32);

    [InlineArray(Places)]
    private struct PlacesOfSeconds
    {
        private ulong _first;
    }
}
