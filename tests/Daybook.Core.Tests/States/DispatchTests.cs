using Daybook.Core.Tests.Engine;

namespace Daybook.Core.Tests.States;

public sealed class DispatchTests
{
    [Fact]
    public async Task Method_that_takes_a_base_type_folds_every_event_derived_from_it()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(AccountHandlers)).OpenAsync();
        await book.Send(new Do("a", new Opened()));
        await book.Send(new Do("a", new Deposited(100)));
        await book.Send(new Do("a", new Withdrawn(30)));
        await book.Send(new Do("a", new Fined(1)));
        Assert.Equal(new Account(68, 1), (await book.ReadAsync<Account>("a")).State);
        Assert.Equal(new Account(70, 0), (await book.ReadAsync<Account>("a", new StreamVersion(3))).State);
    }

    [Fact]
    public Task Two_methods_of_which_none_is_more_specific_are_refused() =>
        Refused.WithAsync(typeof(AmbiguousHandlers), "Apply", nameof(Both), nameof(ILeft), nameof(IRight));

    [Fact]
    public Task Base_type_from_which_no_event_derives_is_refused_with_what_to_do() =>
        Refused.WithAsync(typeof(LonelyHandlers), nameof(Lonely), "derives from it", "[EventType");

    [Fact]
    public Task Type_without_a_stable_name_is_refused() => Refused.WithAsync(typeof(NamelessHandlers), nameof(Nameless), "no stable name");

    [Fact]
    public Task Method_whose_events_all_go_to_others_is_refused() => Refused.WithAsync(typeof(ShadowedHandlers), nameof(AccountEvent), "more specific");

    [Theory]
    [InlineData(typeof(PrivateApply), "not public")]
    [InlineData(typeof(StaticApply), "must not be static")]
    [InlineData(typeof(InstanceCreate), "must be static")]
    [InlineData(typeof(AsyncApply), "Task`1")]
    [InlineData(typeof(GenericApply), "generic")]
    [InlineData(typeof(RefApply), "by value")]
    [InlineData(typeof(TwoParameters), "one event and nothing else")]
    public void Method_that_looks_like_a_fold_and_cannot_be_called_is_refused(Type state, string why)
    {
        var add = typeof(DaybookBuilder).GetMethod(nameof(DaybookBuilder.AddAggregate))!.MakeGenericMethod(state);
        var thrown = Assert.Throws<System.Reflection.TargetInvocationException>(() => add.Invoke(new DaybookBuilder(), null));
        var refused = Assert.IsType<DaybookException>(thrown.InnerException);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(state.Name, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task First_event_without_Create_fails_its_command_and_writes_nothing()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(AccountHandlers)).OpenAsync();
        var failed = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Do("a", new Deposited(1))));
        Assert.Equal(ErrorCode.HandlerFailed, failed.Code);
        Assert.Contains("no Create method", failed.Message, StringComparison.Ordinal);
        Assert.Equal(StreamVersion.None, (await book.ReadAsync<Account>("a")).Version);
    }

    [Fact]
    public async Task Event_that_the_state_does_not_take_fails_its_command_unless_it_is_marked()
    {
        await using var book = await new DaybookBuilder().UseMemory().AddHandlers(typeof(AccountHandlers)).AddAggregate<Stranger>()
            .AddEvent<Noted>().OpenAsync();
        await book.Send(new Do("a", new Opened()));
        var failed = await Assert.ThrowsAsync<DaybookException>(async () => await book.Send(new Do("a", new Strange())));
        Assert.Contains("no Apply method", failed.Message, StringComparison.Ordinal);
        Assert.IsType<Outcome.Accepted>(await book.Send(new Do("a", new Noted("only recorded"))));
        Assert.Equal((new Account(0, 0), new StreamVersion(2)), ((await book.ReadAsync<Account>("a")).State, (await book.ReadAsync<Account>("a")).Version));
    }

    [Fact]
    public async Task Registered_event_that_no_state_takes_is_refused_when_the_book_is_built()
    {
        var builder = new DaybookBuilder().UseMemory().AddHandlers(typeof(AccountHandlers)).AddUpcast<Strange, Lost>(_ => new Lost());
        var refused = await Refused.OpeningAsync(builder);
        Assert.Contains(nameof(Lost), refused.Message, StringComparison.Ordinal);
        Assert.Contains("ChangesState = false", refused.Message, StringComparison.Ordinal);
    }

    public abstract record AccountEvent(int By);

    [EventType("dispatch.opened")]
    public sealed record Opened;

    [EventType("dispatch.deposited")]
    public sealed record Deposited(int By) : AccountEvent(By);

    [EventType("dispatch.withdrawn")]
    public sealed record Withdrawn(int Amount) : AccountEvent(-Amount);

    [EventType("dispatch.fined")]
    public sealed record Fined(int Amount) : AccountEvent(-Amount);

    [EventType("dispatch.strange")]
    public sealed record Strange;

    [EventType("dispatch.noted", ChangesState = false)]
    public sealed record Noted(string What);

    public sealed record Lost;

    public sealed record Account(int Balance, int Fines)
    {
        public static Account Create(Opened e) => new(0, 0);

        public Account Apply(AccountEvent e) => this with { Balance = Balance + e.By };

        public Account Apply(Fined e) => new(Balance - (2 * e.Amount), Fines + 1);
    }

    public sealed record Stranger
    {
        public static Stranger Create(Strange e) => new();
    }

    public sealed record Do(string Account, object Event);

    public static class AccountHandlers
    {
        public static Decision Handle(Do c, Account? account) => Decision.Emit(c.Event);
    }

    public interface ILeft;

    public interface IRight;

    [EventType("dispatch.both")]
    public sealed record Both : ILeft, IRight;

    public sealed record Ambiguous
    {
        public static Ambiguous Create(Opened e) => new();

        public Ambiguous Apply(ILeft e) => this;

        public Ambiguous Apply(IRight e) => this;
    }

    public sealed record DoAmbiguous(string Ambiguous);

    public static class AmbiguousHandlers
    {
        public static Decision Handle(DoAmbiguous c, Ambiguous? ambiguous) => Decision.Emit(new Opened());
    }

    public abstract record Lonely;

    public sealed record LonelyState
    {
        public static LonelyState Create(Opened e) => new();

        public LonelyState Apply(Lonely e) => this;
    }

    public sealed record DoLonely(string State);

    public static class LonelyHandlers
    {
        public static Decision Handle(DoLonely c, LonelyState? state) => Decision.Emit(new Opened());
    }

    public sealed record Nameless;

    public sealed record NamelessState
    {
        public static NamelessState Create(Opened e) => new();

        public NamelessState Apply(Nameless e) => this;
    }

    public sealed record DoNameless(string State);

    public static class NamelessHandlers
    {
        public static Decision Handle(DoNameless c, NamelessState? state) => Decision.Emit(new Opened());
    }

    public sealed record Shadowed
    {
        public static Shadowed Create(Opened e) => new();

        public Shadowed Apply(AccountEvent e) => this;

        public Shadowed Apply(Deposited e) => this;

        public Shadowed Apply(Withdrawn e) => this;

        public Shadowed Apply(Fined e) => this;
    }

    public sealed record DoShadowed(string State);

    public static class ShadowedHandlers
    {
        public static Decision Handle(DoShadowed c, Shadowed? state) => Decision.Emit(new Opened());
    }

    public sealed record PrivateApply
    {
        public static PrivateApply Create(Opened e) => new();

        internal PrivateApply Apply(Deposited e) => this;
    }

    public sealed record StaticApply
    {
        public static StaticApply Create(Opened e) => new();

        public static StaticApply Apply(Deposited e) => new();
    }

    public sealed record InstanceCreate
    {
        public InstanceCreate Create(Opened e) => this;
    }

    public sealed record AsyncApply
    {
        public static AsyncApply Create(Opened e) => new();

        public Task<AsyncApply> Apply(Deposited e) => Task.FromResult(this);
    }

    public sealed record GenericApply
    {
        public static GenericApply Create(Opened e) => new();

        public GenericApply Apply<TEvent>(TEvent e) => this;
    }

    public sealed record RefApply
    {
        public static RefApply Create(Opened e) => new();

        public RefApply Apply(in Deposited e) => this;
    }

    public sealed record TwoParameters
    {
        public static TwoParameters Create(Opened e) => new();

        public TwoParameters Apply(Deposited e, int twice) => this;
    }
}
