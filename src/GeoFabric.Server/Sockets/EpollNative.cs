using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Server.Sockets;

/// <summary>Linux's way to wait for many sockets at once.</summary>
internal static partial class EpollNative
{
    public const uint Readable = 0x001;
    public const uint Writable = 0x004;
    public const uint Failed = 0x008;
    public const uint HungUp = 0x010;
    public const uint PeerHungUp = 0x2000;

    /// <summary>Says only what has become so since it was said last.</summary>
    public const uint Edges = 1u << 31;

    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Interrupted = 4;

    // The kernel packs an event on x86-64, to have the same as on 32 bits, and nowhere else.
    private static readonly int s_idAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;

    public static int EventSize => s_idAt + sizeof(ulong);

    /// <exception cref="IOException">The process has no descriptor left.</exception>
    public static int Create() => Demand(epoll_create1(CloseOnExec), "wait for sockets");

    /// <summary>A descriptor that is readable from the start and stays so.</summary>
    public static int CreateReadable() => Demand(eventfd(1, CloseOnExec), "tell threads to stop");

    public static unsafe void Watch(int epoll, SafeHandle socket, uint events, ulong id)
    {
        var wanted = stackalloc byte[sizeof(ulong) * 2];
        Write(wanted, events, id);
        _ = Demand(epoll_ctl(epoll, Add, socket, wanted), "watch a socket");
    }

    public static unsafe void Watch(int epoll, int descriptor, uint events, ulong id)
    {
        var wanted = stackalloc byte[sizeof(ulong) * 2];
        Write(wanted, events, id);
        _ = Demand(epoll_ctl(epoll, Add, descriptor, wanted), "watch a descriptor");
    }

    /// <summary>Waits until there are events, for so many milliseconds; -1 for as long as it takes.</summary>
    /// <returns>How many there are; none when the time is over, or a signal came between.</returns>
    public static unsafe int Wait(int epoll, Span<byte> events, int milliseconds)
    {
        fixed (byte* first = events)
        {
            var count = epoll_wait(epoll, first, events.Length / EventSize, milliseconds);
            if (count >= 0)
                return count;
            return Marshal.GetLastPInvokeError() == Interrupted ? 0 : Demand(count, "wait for sockets");
        }
    }

    public static (uint Events, ulong Id) Read(ReadOnlySpan<byte> events, int index)
    {
        var one = events.Slice(index * EventSize, EventSize);
        return (BinaryPrimitives.ReadUInt32LittleEndian(one), BinaryPrimitives.ReadUInt64LittleEndian(one[s_idAt..]));
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    private static unsafe void Write(byte* target, uint events, ulong id)
    {
        Unsafe.WriteUnaligned(target, events);
        Unsafe.WriteUnaligned(target + s_idAt, id);
    }

    private static int Demand(int status, string what) => status >= 0 ? status : throw new IOException($"cannot {what} (errno {Marshal.GetLastPInvokeError()})");

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, SafeHandle socket, byte* wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int eventfd(uint value, int flags);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
