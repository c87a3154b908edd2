namespace GeoFabric.Language.Tests.Queries;

/// <summary>
/// A clock that counts how often it is looked at, which queries do whenever they ask whether they have to stop, and whose time is up after so many
/// looks.
/// </summary>
/// <param name="stopAfter">Looks after which the end of time has come.</param>
/// <param name="onStop">Called at the first look behind that; null when the time alone stops the query.</param>
internal sealed class StoppingClock(long stopAfter, Action? onStop = null) : TimeProvider
{
    private long _looks;

    public long Looks => Interlocked.Read(ref _looks);

    public override long GetTimestamp()
    {
        var look = Interlocked.Increment(ref _looks);
        if (look == stopAfter + 1)
            onStop?.Invoke();
        return look > stopAfter && onStop is null ? long.MaxValue : 0;
    }
}
