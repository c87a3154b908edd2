using System.Buffers.Binary;
using System.Globalization;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.CrashWriter;

/// <summary>
/// Numbered works on a few hundred slots. A work takes the next number inside its turn and does what the number says, so the
/// directory must always equal the replay of the numbers 1 to the last one stored, however the process ended.
/// </summary>
public sealed class StorageCrashWorkload : ICrashWorkload
{
    public const string Name = "storage";
    private const int SlotCount = 400;
    private const int WriterCount = 8;

    private sealed class PlannedFailureException : Exception;

    private enum Step
    {
        Put,
        Delete,
        DeleteRange,
    }

    public static ReadOnlySpan<byte> CounterKey => "counter"u8;

    public static ReadOnlySpan<byte> LogPrefix => "log/"u8;

    public static ReadOnlySpan<byte> SlotPrefix => "slot/"u8;

    /// <summary>The map begins small, so that kills also meet its growth.</summary>
    public static LmdbEngine Open(string directoryPath) =>
        LmdbEngine.Open(new LmdbOptions { DirectoryPath = directoryPath, MapSizeBytes = 1 << 20 });

    public async Task RunAsync(string directoryPath, int seed, AcknowledgementPipe acknowledgements)
    {
        await using var engine = Open(directoryPath);
        acknowledgements.Ready();
        await Task.WhenAll(Enumerable.Range(0, WriterCount).Select(writer =>
            Task.Run(() => WriteAsync(engine, new Random(HashCode.Combine(seed, writer)), acknowledgements))));
    }

    public static long ReadCounter(IStorageReader reader) =>
        reader.TryGet(CounterKey, out var value) ? BinaryPrimitives.ReadInt64BigEndian(value) : 0;

    public static byte[] LogKey(long number)
    {
        var key = new byte[LogPrefix.Length + sizeof(long)];
        LogPrefix.CopyTo(key);
        BinaryPrimitives.WriteInt64BigEndian(key.AsSpan(LogPrefix.Length), number);
        return key;
    }

    public static byte[] SlotKey(int slot) => [.. SlotPrefix, (byte)(slot >> 8), (byte)slot];

    /// <summary>The value that a work puts, a function of its number.</summary>
    public static byte[] ValueOf(long number)
    {
        var random = RandomOf(number);
        var value = new byte[random.Next(50) == 0 ? random.Next(3000, 30_000) : random.Next(0, 400)];
        random.NextBytes(value);
        return value;
    }

    /// <summary>Does to the model what the work of this number does to the store.</summary>
    public static void Replay(long number, SortedDictionary<int, long> slots)
    {
        var (step, slot) = StepOf(number);
        switch (step)
        {
            case Step.Put:
                slots[slot] = number;
                break;
            case Step.Delete:
                slots.Remove(slot);
                break;
            case Step.DeleteRange:
                foreach (var doomed in slots.Keys.Where(key => key >= slot).Take(DeleteLimit).ToList())
                    slots.Remove(doomed);
                break;
        }
    }

    private const int DeleteLimit = 5;

    private static async Task WriteAsync(LmdbEngine engine, Random random, AcknowledgementPipe acknowledgements)
    {
        while (true)
        {
            long number = 0;
            var fails = random.Next(10) == 0;
            try
            {
                await engine.WriteAsync(transaction =>
                {
                    number = ReadCounter(transaction) + 1;
                    Run(transaction, number);
                    if (fails)
                        throw new PlannedFailureException();
                });
                acknowledgements.Acknowledge(number.ToString(CultureInfo.InvariantCulture));
            }
            catch (PlannedFailureException)
            {
                // Its writes are undone, which the verification sees by the gapless numbers.
            }
        }
    }

    private static void Run(IWriteTransaction transaction, long number)
    {
        var (step, slot) = StepOf(number);
        switch (step)
        {
            case Step.Put:
                transaction.Put(SlotKey(slot), ValueOf(number));
                break;
            case Step.Delete:
                transaction.Delete(SlotKey(slot));
                break;
            case Step.DeleteRange:
                transaction.DeleteRange(new KeyRange(SlotKey(slot), KeyRange.After(SlotPrefix)), DeleteLimit);
                break;
        }
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        transaction.Put(LogKey(number), bytes);
        transaction.Put(CounterKey, bytes);
    }

    private static (Step Step, int Slot) StepOf(long number)
    {
        var random = RandomOf(~number);
        var slot = random.Next(SlotCount);
        return (random.Next(40) switch { 0 => Step.DeleteRange, < 4 => Step.Delete, _ => Step.Put }, slot);
    }

    // Seeded by the number alone: the parent computes the same.
    private static Random RandomOf(long number) => new((int)(number ^ (number >> 32)));
}
